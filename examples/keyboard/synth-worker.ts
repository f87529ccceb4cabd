// Holds the model, off the page's own thread, so that keys answer while notes are computed.
import '@gansynth/training/wasm'; // fast kernels for the wasm backend
import { modelMini } from '@gansynth/model-mini';
import { compileGenerator, loadGenerator } from '@gansynth/models-gan';
import { harmonicRepresentation, imageToArray, rainbowgram, representation } from '@gansynth/spectral';
import { setWasmPaths } from '@tensorflow/tfjs-backend-wasm';
import simd from '@tensorflow/tfjs-backend-wasm/dist/tfjs-backend-wasm-simd.wasm?url';
import threaded from '@tensorflow/tfjs-backend-wasm/dist/tfjs-backend-wasm-threaded-simd.wasm?url';
import plain from '@tensorflow/tfjs-backend-wasm/dist/tfjs-backend-wasm.wasm?url';
import * as tf from '@tensorflow/tfjs-core';
import '@tensorflow/tfjs-layers';
import type { Reply, Request } from './messages.js';

const worker = self as unknown as {
  postMessage(message: Reply, transfer?: Transferable[]): void;
  addEventListener(type: 'message', listener: (event: MessageEvent<Request>) => void): void;
};

async function start(): Promise<void> {
  setWasmPaths({
    'tfjs-backend-wasm.wasm': plain,
    'tfjs-backend-wasm-simd.wasm': simd,
    'tfjs-backend-wasm-threaded-simd.wasm': threaded,
  });
  await tf.setBackend('wasm');
  const { model, manifest } = await loadGenerator(modelMini);
  const generator = compileGenerator(model);
  const codec = harmonicRepresentation(manifest.representation as object);
  const { instruments, pitches, latentSize } = model.config;
  const { sampleRate } = codec;

  const play = (latent: Float32Array, pitch: number): Promise<Float32Array> => {
    const audio = tf.tidy(() => {
      const z = tf.tensor2d(latent, [1, latentSize]);
      return codec.decode(generator.generate(z, Int32Array.of(pitches.indexOf(pitch))), [pitch]);
    });
    return audio.data<'float32'>().finally(() => audio.dispose());
  };

  const draw = async (audio: Float32Array): Promise<Reply & { type: 'picture' }> => {
    const { encode } = representation({ kind: 'if-mel', frames: 64, bins: 1024, samples: audio.length, sampleRate });
    const image = tf.tidy(() => encode(tf.tensor2d(audio, [1, audio.length])));
    const picture = rainbowgram(await imageToArray(image), { kind: 'if-mel', width: 128, height: 256, binRange: [0, 768] });
    image.dispose();
    const [height = 0, width = 0] = picture.shape;
    return { type: 'picture', pixels: new Uint8ClampedArray(picture.data), width, height };
  };

  // A new request is for another timbre: what is left of an older one is of no use any more.
  let newest = -1;
  let queue = Promise.resolve();
  const render = async (request: number, latent: Float32Array, wanted: readonly number[]): Promise<void> => {
    for (const pitch of wanted) {
      if (request !== newest) return;
      const audio = await play(latent, pitch);
      worker.postMessage({ type: 'note', request, pitch, audio, sampleRate }, [audio.buffer as ArrayBuffer]);
      // Lets newer messages in.
      await new Promise((resolve) => setTimeout(resolve));
    }
  };
  worker.addEventListener('message', ({ data }) => {
    if (data.type === 'render') newest = data.request;
    queue = queue
      .then(async () => {
        if (data.type === 'render') return render(data.request, data.latent, data.pitches);
        const picture = await draw(data.audio);
        return worker.postMessage(picture, [picture.pixels.buffer]);
      })
      .catch(fail);
  });
  worker.postMessage({ type: 'ready', instruments, pitches, latentSize });
}

const fail = (error: unknown): void =>
  worker.postMessage({ type: 'failed', reason: error instanceof Error ? error.message : String(error) });

start().catch(fail);
