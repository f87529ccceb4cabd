import type { OptionNames } from '@gansynth/common/check-options';
import type { AdamOptions } from '@gansynth/training';

/** What a training's settings may say of Adam: its rate is a setting of its own. */
export const adamNames: OptionNames<Omit<AdamOptions, 'learningRate'>> = {
  beta1: true,
  beta2: true,
  epsilon: true,
  epsilonPosition: true,
};
