import { costOfStages, type Cost } from '../cost.js';
import { networkOf } from './network.js';
import type { WaveNetRecipe } from './recipe.js';

/** What is computed once for a frame of conditioning, not once for a sample. */
const ofFrames = /^(cond_map|pitch_)/;

/** One stage. Each of a piece's samples passes the network once forward and twice back. */
export async function cost(recipe: WaveNetRecipe): Promise<Cost> {
  const { parameterCount, waveNetConfig, waveNetVariables } = await import('@gansynth/models-wavenet');
  const config = waveNetConfig(networkOf(recipe));
  const { cropSamples, totalClips } = recipe.training;
  const frames = Math.ceil(cropSamples / recipe.model.pitch.hop);
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
