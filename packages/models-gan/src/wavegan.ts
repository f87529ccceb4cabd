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
export { resumeWaveGanTask, type ResumeWaveGanOptions } from './wavegan/resume-wavegan.js';
export { WaveGanTask, type WaveGanTaskOptions } from './wavegan/wavegan-task.js';
export {
  waveGanTrainingConfig,
  type WaveGanTrainingConfig,
  type WaveGanTrainingOptions,
} from './wavegan/wavegan-training-config.js';
export { waveGanVariables } from './wavegan/wavegan-variables.js';
