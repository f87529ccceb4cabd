// Networks: configuration, variables
export type {
  ConditioningConfig,
  ConditioningOptions,
  FrameConditioning,
  NoConditioning,
  PitchConditioning,
} from './config/conditioning-config.js';
export type { EncoderConfig } from './config/encoder-config.js';
export type { LogisticsOutput, MuLawOutput, OutputConfig } from './config/output-config.js';
export { presets } from './config/presets.js';
export { dilations, receptiveField, waveNetConfig, type WaveNetConfig, type WaveNetOptions } from './config/wavenet-config.js';
export { ArgumentError, ConfigError, MemoryError } from './errors.js';
export { muLawDecode, muLawEncode } from './mu-law.js';
export { decoder, type DecoderInputs } from './network/decoder.js';
export { quantise16, scaledSamples, shifted } from './network/decoder-input.js';
export { dilatedConvolution, type DilatedConvolutionOptions, type Padding } from './network/dilated-convolution.js';
export { encoder } from './network/encoder.js';
export { pitchFrames, pitchStack } from './network/pitch-stack.js';
export { parameterCount, waveNetVariables, type NetworkPart, type Variable } from './network/variables.js';
export type { Convolution, Weights } from './network/weights.js';

// Losses and draws
export { crossEntropy } from './output/cross-entropy.js';
export { drawCode, drawLogistics, gumbelNoise, logisticNoise } from './output/draw.js';
export { logisticMixtureLosses, type LogisticMixtureOptions } from './output/logistic-mixture.js';

// Sampling
export { WaveNetModel } from './model/wavenet-model.js';
export { createSampler, type SamplerOptions } from './sampler/create-sampler.js';
export { precisions, type Precision } from './sampler/precision.js';
export type { NoteToSample } from './sampler/note-to-sample.js';
export { Sampler } from './sampler/sampler.js';

// Autoencoder
export { decode, type DecodeOptions } from './autoencoder/decode.js';
export { checkEmbedding, type Embedding } from './autoencoder/embedding.js';
export { encode, type EncodeOptions } from './autoencoder/encode.js';
export { crossFadeEmbeddings, gridWeights, mixEmbeddings, stretchEmbedding } from './autoencoder/mix.js';

// Models as files
export { loadNsynthCheckpoint, type NsynthCheckpoint, type NsynthCheckpointOptions } from './files/nsynth-checkpoint.js';
export { loadModel, loadNoteModel, saveModel, type LoadedWaveNet } from './files/save-load.js';
export { noteModel, type NoteModelOptions } from './model/note-model.js';

// Training
export type { NoteBatch, NoteRequest, NoteSource } from './training/note-source.js';
export { resumeWaveNetTask } from './training/resume-wavenet.js';
export { meanLoss, waveNetLoss, type Pieces } from './training/wavenet-loss.js';
export { WaveNetTask, type WaveNetLosses, type WaveNetTaskOptions } from './training/wavenet-task.js';
export {
  nsynthLearningRate,
  waveNetTrainingConfig,
  type WaveNetTrainingConfig,
  type WaveNetTrainingOptions,
} from './training/wavenet-training-config.js';
