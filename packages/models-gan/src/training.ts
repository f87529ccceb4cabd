// The iteration, and what it is made of
export { ganDraws, ganStreams, type Draws, type GanStreams } from './progressive/training/draws.js';
export { ganIteration, type GanIterationOptions, type IterationResult } from './progressive/training/gan-iteration.js';
export { GanPlayers, type GanPlayersOptions, type GanPlayersTraining, type Players } from './progressive/training/players.js';
export type { WeightsOf } from './progressive/training/progressive-gan-task.js';
export type { GradientNorms } from './gan/step-losses.js';

// Losses
export { gradientPenalty, mixImages, slopes, type ScoreFunction } from './gan/gradient-penalty.js';
export { lossConfig, type LossConfig } from './gan/loss-config.js';
export { oneHotLabels, pitchLoss } from './gan/pitch-loss.js';
export {
  criticTerms,
  generateImages,
  generatorTerms,
  generatorTermsAlone,
  type CriticBatch,
  type CriticPass,
  type CriticTerms,
  type GeneratorBatch,
  type GeneratorPass,
  type GeneratorTerms,
  type GeneratorTermsAlone,
  type Networks,
} from './progressive/losses/gan-losses.js';
export type { OwnGeneratorPass, OwnTerm, OwnTerms } from './progressive/losses/own-terms.js';

// Settings and schedule
export {
  originalNonProgressiveImages,
  progressAt,
  stages,
  type Stage,
  type StageSchedule,
} from './progressive/schedule/stages.js';
export { nsynthPitchCounts } from './progressive/training/pitch-counts.js';
export { trainingConfig, type TrainingConfig } from './progressive/training/training-config.js';
