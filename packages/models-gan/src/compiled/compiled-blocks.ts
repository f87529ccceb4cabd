import { boxUpscale } from '@gansynth/training';
import * as tf from '@tensorflow/tfjs-core';
import { elements, type PlainTensor } from '@gansynth/model-files';
import { scaleFactors, type NetworkConfig } from '../progressive/config.js';
import { blockName } from '../progressive/network/names.js';
import { topBlock, type Growth } from '../progressive/network/stage-shape.js';
import { networkSteps } from '../progressive/network/variables.js';
import { pitchPlanes } from '../progressive/operations/planes.js';
import { imageWeights } from '../progressive/schedule/blending.js';
import type { ConvolutionForms } from './choose-forms.js';
import { compileBlock } from './compiled-block.js';
import type { CompiledBody, WeightReader } from './compiled-body.js';
import { compileInput } from './compiled-input.js';
import type { Keep } from './compiled-part.js';
import { squash } from './features.js';
import type { LayerWeights } from './folded-kernel.js';

/** Compiles the blocks of a generator, as far as it has grown. */
export function compileBlocks(
  config: NetworkConfig,
  growth: Growth,
  weight: WeightReader,
  forms: ConvolutionForms,
  keep: Keep,
): CompiledBody {
  const layer = (block: number, name: string): LayerWeights => ({
    kernel: weight(`${blockName(block)}/${name}/conv2d/kernel`),
    bias: weight(`${blockName(block)}/${name}/bias`),
  });
  const shown = imageWeights(growth.blocks, growth.progress ?? growth.blocks - 1);
  const top = topBlock(growth);
  const first = layer(1, 'conv0');
  const input = compileInput(config, first, keep);
  const blocks = Array.from({ length: top }, (_, index) =>
    compileBlock({
      config,
      block: index + 1,
      last: index + 1 === top,
      conv0: index === 0 ? undefined : layer(index + 1, 'conv0'),
      conv1: layer(index + 1, 'conv1'),
      toRgb: (shown[index] ?? 0) > 0 ? layer(index + 1, 'to_rgb') : undefined,
      forms,
      keep,
    }),
  );
  // Only from the first layer on that asks for the pitch's planes does the network have them.
  const conditioned = networkSteps('generator', config, growth).some(({ className }) => className === pitchPlanes.className);
  const planes = conditioned ? pitchTable(weight('conditioning/planes'), keep) : undefined;
  return {
    run: (latent, pitch) =>
      tf.tidy(() => {
        const table = planes?.(pitch);
        let features = input(latent, pitch);
        let sum: tf.Tensor4D | undefined;
        for (const [index, block] of blocks.entries()) {
          const step = block.run(features, table);
          features = step.features;
          if (!step.image) continue;
          const image: tf.Tensor4D = boxUpscale(
            squash(step.image, config.toRgbActivation),
            scaleFactors(config, config.blocks - index - 1),
          );
          const share: tf.Tensor4D = shown[index] === 1 ? image : tf.mul(image, shown[index]!);
          sum = (sum ? tf.add(sum, share) : share) as tf.Tensor4D;
        }
        return sum!; // the shares add up to 1: there is one
      }),
    multiplyAdds: blocks.reduce((all, block) => all + block.multiplyAdds, elements(first.kernel.shape)),
    peakValues: Math.max(...blocks.map((block) => block.peakValues)),
  };
}

/** One-hot pitches to their rows of the frozen table: [batch, pitches] -> [batch, 1, width, features]. */
function pitchTable({ shape, data }: PlainTensor<Float32Array>, keep: Keep): (pitch: tf.Tensor2D) => tf.Tensor4D {
  const [pitches = 0, width = 0, features = 0] = shape;
  const rows = keep(tf.tensor2d(data, [pitches, width * features]));
  return (pitch) => tf.reshape(tf.matMul(pitch, rows), [-1, 1, width, features]);
}
