import { tensorflowNames, type ParameterNames } from '@gansynth/training';

/** What belongs to a variable is called as in the original's checkpoints. */
export const progressiveNames: ParameterNames = tensorflowNames('progressive_gan_train_ops');
