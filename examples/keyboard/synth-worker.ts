// Holds the model, off the page's own thread, so that keys answer while notes are computed.
import { modelMini } from '@gansynth/model-mini';
import { framesFor, imageToArray, rainbowgram, representation } from '@gansynth/spectral';
import { startThreadedWasm } from '@gansynth/training/wasm'; // with fast kernels for the wasm backend
import { openVoice } from '@gansynth/voice';
import { setWasmPaths } from '@tensorflow/tfjs-backend-wasm';
import simd from '@tensorflow/tfjs-backend-wasm/dist/tfjs-backend-wasm-simd.wasm?url';
import plain from '@tensorflow/tfjs-backend-wasm/dist/tfjs-backend-wasm.wasm?url';
import * as tf from '@tensorflow/tfjs-core';
import '@tensorflow/tfjs-layers';
import type { RenderRequest, Reply, Request } from './messages.js';

const worker = self as unknown as {
  postMessage(message: Reply, transfer?: Transferable[]): void;
  addEventListener(type: 'message', listener: (event: MessageEvent<Request>) => void): void;
};

async function start(): Promise<void> {
  setWasmPaths({
    'tfjs-backend-wasm.wasm': plain,
    'tfjs-backend-wasm-simd.wasm': simd,
    'tfjs-backend-wasm-threaded-simd.wasm': simd, // never started in a page
  });
  const { threads, reason } = await startThreadedWasm();
  const voice = await openVoice(modelMini);
  const { instruments, pitches, velocities, samples, sampleRate } = voice;

  const frames = framesFor({ samples, bins: 1024, overlap: 0.75 });
  const { encode } = representation({ kind: 'if-mel', frames, bins: 1024, samples, sampleRate });
  /** The newest sound whose picture is asked for: between notes is time for it. */
  let toDraw: Float32Array | undefined;
  const draw = async (): Promise<void> => {
    const audio = toDraw;
    toDraw = undefined;
    if (!audio) return;
    const image = tf.tidy(() => encode(tf.tensor2d(audio, [1, samples])));
    const picture = rainbowgram(await imageToArray(image), { kind: 'if-mel', width: 128, height: 256, binRange: [0, 768] });
    image.dispose();
    const [height = 0, width = 0] = picture.shape;
    const pixels = new Uint8ClampedArray(picture.data);
    worker.postMessage({ type: 'picture', pixels, width, height }, [pixels.buffer]);
  };

  // A new request is for another timbre: what is left of an older one is of no use any more.
  let newest = new AbortController();
  let queue = Promise.resolve();
  const render = async (
    request: number,
    { timbres, blend, notes: wanted }: RenderRequest,
    signal: AbortSignal,
  ): Promise<void> => {
    const notes = voice.notes(
      wanted.map(({ pitch }) => pitch),
      { latent: voice.between(...timbres, blend), signal, velocity: wanted.map(({ velocity }) => velocity) },
    );
    let at = 0;
    try {
      for await (const audio of notes) {
        worker.postMessage({ type: 'note', request, note: wanted[at++]!, audio, sampleRate }, [audio.buffer]);
        await draw();
      }
    } catch (error) {
      if (!signal.aborted) throw error;
    }
  };
  worker.addEventListener('message', ({ data }) => {
    if (data.type === 'render') {
      newest.abort();
      newest = new AbortController();
    } else toDraw = data.audio;
    const { signal } = newest;
    queue = queue.then(() => (data.type === 'render' ? render(data.request, data, signal) : draw())).catch(fail);
  });
  worker.postMessage({ type: 'ready', instruments, pitches, velocities, computedOn: reason ?? `${threads} threads` });
}

const fail = (error: unknown): void =>
  worker.postMessage({ type: 'failed', reason: error instanceof Error ? error.message : String(error) });

start().catch(fail);
