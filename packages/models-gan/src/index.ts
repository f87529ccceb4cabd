// Networks: configuration, growth, variables
export {
  blockSize,
  imageSize,
  networkConfig,
  scaleFactors,
  type Affine,
  type NoteAttribute,
  type ConditioningPlanes,
  type NetworkConfig,
  type PaperVariants,
  type Size,
} from './config.js';
export { ArgumentError, ConfigError } from './errors.js';
export { blendImages } from './network/blend-images.js';
export { critic, type CriticInputs, type CriticOutputs } from './network/critic.js';
export { generator, type GeneratorInputs } from './network/generator.js';
export type { Graph } from './network/graph.js';
export type { Step } from './network/shape-graph.js';
export { canvasSize, fullyGrown, type Growth } from './network/stage-shape.js';
export { tensorGraph, type Weights } from './network/tensor-graph.js';
export {
  conditioningShape,
  networkSteps,
  networkVariables,
  parameterCount,
  type NetworkName,
  type Variable,
} from './network/variables.js';
export { presets } from './presets.js';
export { bypassWeight, imageWeights } from './schedule/blending.js';
export { filterCount, type FilterSchedule } from './schedule/filters.js';
export { originalNonProgressiveImages, progressAt, stages, type Stage, type StageSchedule } from './schedule/stages.js';

// Losses
export {
  criticTerms,
  generateImages,
  generatorTerms,
  type CriticBatch,
  type CriticTerms,
  type GeneratorBatch,
  type GeneratorTerms,
  type Networks,
} from './losses/gan-losses.js';
export { gradientPenalty, mixImages, slopes, type ScoreFunction } from './losses/gradient-penalty.js';
export { lossConfig, type LossConfig } from './losses/loss-config.js';
export { oneHotLabels, pitchLoss } from './losses/pitch-loss.js';

// Training
export type { ImageBatch, ImageRequest, ImageSource } from './trainer/image-source.js';
export { nsynthPitchCounts } from './trainer/pitch-counts.js';
export {
  ProgressiveGanTask,
  type ProgressiveGanTaskOptions,
  type ProgressivePhase,
  type WeightsOf,
} from './trainer/progressive-gan-task.js';
export { resumeProgressiveGanTask } from './trainer/resume-progressive-gan.js';
export type { GradientNorms, StepLosses } from './trainer/step-losses.js';
export { trainingConfig, type TrainingConfig, type TrainingOptions } from './trainer/training-config.js';

// Models as files
export {
  httpFiles,
  layersModelFiles,
  memoryFiles,
  memorySink,
  ModelFileError,
  type FileSink,
  type FileSource,
  type ModelInfo,
  type ModelManifest,
  type NoteModel,
  type PlainTensor,
  type PlainWeights,
} from '@gansynth/model-files';
export { GeneratorModel, imageShape, type GeneratorModelOptions, type ImageGenerator } from './model/generator-model.js';
export { drawUniformLatents, noteModel, type DisposableGenerator } from './model/note-model.js';
export {
  loadGenerator,
  loadModel,
  loadNoteModel,
  saveModel,
  type LoadedGenerator,
  type LoadedModel,
  type LoadedWaveGan,
} from './model/save-load.js';

// Sampling and latents
export { latentAttribute, latentWithAttribute } from './sampler/attributes.js';
export { latentInstrument, latentWithInstrument } from './sampler/instruments.js';
export { latentDirections, type DirectionsOptions, type LatentDirection } from './sampler/directions.js';
export { interpolationSteps, latentAt, lerp, pathTimes, slerp, type LatentPath } from './sampler/interpolate.js';
export { drawLatents, drawPitches, type Latent, type LatentOptions } from './sampler/latents.js';
export { latentTensor, pitchLabels, sample, type SampledBatch, type SampleOptions } from './sampler/sample.js';

// Compiled for inference
export { chooseForms, type ConvolutionForms } from './compiled/choose-forms.js';
export {
  compileGenerator,
  type CompiledGenerator,
  type CompileOptions,
  type CompileSource,
} from './compiled/compile-generator.js';
export type { CostEstimate } from './compiled/cost-estimate.js';
export { readWeights } from './compiled/read-weights.js';

// Finding a sound
export {
  findLatent,
  type CandidatesEvent,
  type FindLatentEvent,
  type FindLatentOptions,
  type FoundLatent,
  type ImprovementEvent,
} from './project/find-latent.js';
export { imageDistance, type ImageDistance, type ImageDistanceOptions } from './project/image-distance.js';

// Magenta's checkpoints
export {
  loadMagentaCheckpoint,
  loadMagentaManifest,
  type ImportedGenerator,
  type MagentaCheckpoint,
  type MagentaCheckpointOptions,
  type MagentaManifestOptions,
} from './magenta/magenta-checkpoint.js';
export {
  magentaHighResolution,
  magentaNormaliser,
  parseMagentaExperiment,
  type ImageRepresentation,
  type MagentaExperiment,
} from './magenta/magenta-experiment.js';
export type { MagentaWeightKind } from './magenta/magenta-weights.js';

// WaveGAN
export { phaseShuffle } from './wavegan/phase-shuffle.js';
export { waveGanConfig, type WaveGanConfig } from './wavegan/wavegan-config.js';
export { waveGanCost, type WaveGanCost } from './wavegan/wavegan-cost.js';
export {
  waveGanCriticTerms,
  waveGanGeneratorTerms,
  type ShuffleOffsets,
  type WaveGanCriticBatch,
  type WaveGanGeneratorBatch,
} from './wavegan/wavegan-losses.js';
export { waveGanCriticLayers, waveGanGeneratorLayers, WaveGanModel } from './wavegan/wavegan-model.js';
export { waveGanCritic, waveGanGenerator, type WaveGanJudgement } from './wavegan/wavegan-networks.js';
export { resumeWaveGanTask } from './wavegan/resume-wavegan.js';
export { WaveGanTask, type WaveGanTaskOptions } from './wavegan/wavegan-task.js';
export {
  waveGanTrainingConfig,
  type WaveGanTrainingConfig,
  type WaveGanTrainingOptions,
} from './wavegan/wavegan-training-config.js';
export { waveGanVariables } from './wavegan/wavegan-variables.js';
