import { parameterCount, waveNetConfig, waveNetVariables, type WaveNetOptions } from '@gansynth/models-wavenet';
import { costOfStages, type Cost } from '../cost.js';
import type { WaveNetTrainingRecipe } from './fields.js';

/** What is computed once for a frame of conditioning, not once for a sample. */
const ofFrames = /^(cond_map|pitch_)/;

/** One stage. Each of a piece's samples passes the network, and its encoder, once forward and twice back. */
export function cost(network: WaveNetOptions, { cropSamples, totalClips }: WaveNetTrainingRecipe): Cost {
  const config = waveNetConfig(network);
  const { conditioning } = config;
  const frames = conditioning.kind === 'none' ? 0 : Math.ceil(cropSamples / conditioning.hop);
  const multiplyAdds = waveNetVariables(config)
    .filter(({ fanIn, trainable }) => fanIn !== null && trainable)
    .reduce((sum, { name, shape }) => sum + shape.reduce((x, y) => x * y, 1) * (ofFrames.test(name) ? frames : cropSamples), 0);
  const stage = {
    stage: 0,
    size: `${cropSamples}x1`,
    examples: totalClips,
    multiplyAdds: { network: multiplyAdds },
    flop: 2 * 3 * totalClips * multiplyAdds,
  };
  return costOfStages({ unit: 'clips', parameters: { network: parameterCount(config) }, stages: [stage] });
}
