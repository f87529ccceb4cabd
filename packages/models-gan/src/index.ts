// What it is, and its files
export { ArgumentError, ConfigError } from './errors.js';
export { networkConfig, type NetworkConfig } from './progressive/config.js';
export { presets } from './progressive/presets.js';
export { GeneratorModel, type GeneratorModelOptions, type ImageGenerator } from './model/generator-model.js';
export { withEvenRanges } from './model/even-ranges.js';
export { noteModel, type DisposableGenerator } from './model/note-model.js';
export {
  loadGenerator,
  loadModel,
  loadNoteModel,
  saveModel,
  type LoadedGenerator,
  type LoadedModel,
  type LoadedWaveGan,
} from './model/save-load.js';

// Training it
export type { ImageBatch, ImageRequest, ImageSource } from './gan/image-source.js';
export type { StepLosses } from './gan/step-losses.js';
export {
  ProgressiveGanTask,
  type ProgressiveGanTaskOptions,
  type ProgressivePhase,
} from './progressive/training/progressive-gan-task.js';
export { resumeProgressiveGanTask, type ResumeProgressiveGanOptions } from './progressive/training/resume-progressive-gan.js';
export type { TrainingOptions } from './progressive/training/training-config.js';

// Sampling from it
export { latentTensor, pitchLabels, sample, type SampledBatch, type SampleOptions } from './sampling/sample.js';
