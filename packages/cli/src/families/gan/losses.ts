import type { LossesShown } from '../family.js';

/** Losses of a GAN that classifies pitches, as `StepLosses` of `@gansynth/models-gan` names them. */
export const ganLosses: LossesShown = {
  line: [
    ['generator', 'G'],
    ['critic', 'D'],
    ['generatorPitch', 'pitch'],
    ['generatorL1', 'L1'],
  ],
  charts: [
    {
      title: 'loss',
      losses: [
        ['generator', 'generator'],
        ['critic', 'critic'],
      ],
    },
    {
      title: 'pitch classification loss',
      losses: [
        ['generatorPitch', 'generated'],
        ['criticPitch', 'real'],
      ],
    },
    { title: 'L1, generated to real', losses: [['generatorL1', 'generator']] },
    { title: 'critic distance (fake - real)', losses: [['criticWasserstein', 'critic']] },
    { title: 'gradient penalty', losses: [['penalty', 'penalty']] },
  ],
};
