import { expect, it } from 'vitest';
import { ArgumentError } from './errors.js';
import { lossConfig } from './gan/loss-config.js';
import { networkConfig } from './progressive/config.js';
import { trainingConfig } from './progressive/training/training-config.js';
import { drawUniformLatents } from './sampling/latents.js';
import { resumeWaveGanTask } from './wavegan/resume-wavegan.js';
import { waveGanConfig } from './wavegan/wavegan-config.js';
import { waveGanTrainingConfig } from './wavegan/wavegan-training-config.js';

const network = networkConfig();
const waveGan = waveGanConfig();

// As of a program without types: those of the others would not let a wrong name pass.
it.each<[found: string, call: (typo: object) => unknown, typo: object, meant: string]>([
  ['networkConfig', (typo) => networkConfig(typo), { atributes: [] }, 'attributes'],
  ['lossConfig', (typo) => lossConfig(typo), { l1Wieght: 100 }, 'l1Weight'],
  ['trainingConfig: schedule', (schedule) => trainingConfig(network, { schedule }), { totalImage: 5 }, 'totalImages'],
  ['lossConfig', (losses) => trainingConfig(network, { losses }), { l1Wieght: 100 }, 'l1Weight'],
  ['trainingConfig: adam', (adam) => trainingConfig(network, { adam }), { bta1: 0.5 }, 'beta1'],
  ['waveGanConfig', (typo) => waveGanConfig(typo), { pitchs: [60] }, 'pitches'],
  [
    'waveGanTrainingConfig: adam',
    (adam) => waveGanTrainingConfig(waveGan, { adam }),
    { epsilonPositon: 'tfjs' },
    'epsilonPosition',
  ],
  ['drawUniformLatents', (typo) => drawUniformLatents(1, { seed: 1, latentSize: 2, ...typo }), { sed: 2 }, 'seed'],
  [
    'resumeWaveGanTask',
    (typo) =>
      resumeWaveGanTask(
        { manifest: {}, tensors: {} },
        { data: { next: () => Promise.reject(new Error()), state: () => null }, ...typo },
      ),
    { trainin: {} },
    'training',
  ],
])('%s refuses a setting that there is not, with the one that was probably meant', async (where, call, typo, meant) => {
  const refused: unknown = await Promise.resolve(typo)
    .then(call)
    .catch((reason: unknown) => reason);
  expect(refused).toBeInstanceOf(ArgumentError);
  expect(String(refused)).toContain(`${where}: expected options `);
  expect(String(refused)).toMatch(new RegExp(`found "${Object.keys(typo)[0]}"\\. Did you mean ${meant}\\?`));
});
