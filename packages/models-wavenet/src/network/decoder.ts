import { plus } from '@gansynth/training';
import * as tf from '@tensorflow/tfjs-core';
import { hopOf } from '../config/conditioning-config.js';
import { dilations, type WaveNetConfig } from '../config/wavenet-config.js';
import { dilatedConvolution } from './dilated-convolution.js';
import { pointwise } from './pointwise.js';
import { addFrames } from './frames.js';
import { gatedLayer } from './gated-layer.js';
import { convolutionOf, type Weights } from './weights.js';

export interface DecoderInputs {
  /** What the network sees at each sample: the sample before it. [batch, samples]; see `shifted`. */
  readonly input: tf.Tensor2D;
  /** [batch, frames, channels], a frame for each hop; null where nothing conditions the network. */
  readonly conditioning: tf.Tensor3D | null;
  /** Applied to what the first convolution gives, before the layers and before the skips: dropout. */
  readonly dropout?: (x: tf.Tensor3D, where: 'layers' | 'skips') => tf.Tensor3D;
}

/**
 * Bytes of the layers' outputs from which on a gradient computes layers again instead of keeping what lies within them. On tensorflow, a step of the large network (one piece of 6,144 samples: 377 MB) takes 9.3 s and 9.7 GB where all is kept, else 11.1 s and 6.9 GB. The wasm backend has
 * 4 GB for all.
 */
const mostKept = (): number => (tf.getBackend() === 'wasm' ? 2 ** 27 : 2 ** 29);

/**
 * The WaveNet over a whole sound at once, as it trains: at each sample the parameters of the distribution of that sample, given those before.
 *
 * @returns [batch, samples, outputs]: logits of 256 codes, or logits, means and log-scales of the mixture's logistics
 * @see `magenta/models/nsynth/wavenet/h512_bo16.py`, Config.build
 */
export function decoder(weights: Weights, config: WaveNetConfig, { input, conditioning, dropout }: DecoderInputs): tf.Tensor3D {
  const hop = hopOf(config.conditioning);
  const at = (name: string): ReturnType<typeof convolutionOf> => convolutionOf(weights, name);
  const conditioned = (x: tf.Tensor3D, name: string): tf.Tensor3D =>
    conditioning ? addFrames(x, pointwise(conditioning, at(name)), hop) : x;
  return tf.tidy(() => {
    const [batch, samples] = input.shape;
    const isCheckpointed = 4 * batch * samples * config.width * config.layers > mostKept();
    const start = dilatedConvolution(tf.reshape(input, [batch, samples, 1]), at('startconv'), { dilation: 1, padding: 'causal' });
    let x = dropout ? dropout(start, 'layers') : start;
    let skips = pointwise(dropout ? dropout(start, 'skips') : start, at('skip_start'));
    for (const [index, dilation] of dilations(config).entries()) {
      const layer = index + 1;
      // What gradients need of a layer they keep; the rest is freed before the next, and not when all are done.
      const [nextX, nextSkips] = tf.tidy(() => {
        const its = conditioning && { frames: conditioning, map: at(`cond_map_${layer}`), hop };
        const gated = gatedLayer(x, at(`dilatedconv_${layer}`), its, { dilation, isCheckpointed });
        // Nobody would read the last.
        const residual = layer < config.layers ? plus(x, pointwise(gated, at(`res_${layer}`))) : tf.clone(x);
        return [residual, plus(skips, pointwise(gated, at(`skip_${layer}`)))];
      });
      tf.dispose([x, skips]);
      [x, skips] = [nextX!, nextSkips!];
    }
    const head = conditioned(pointwise(tf.relu(skips), at('out1')), 'cond_map_out1');
    return pointwise(tf.relu(head), at('logits'));
  });
}
