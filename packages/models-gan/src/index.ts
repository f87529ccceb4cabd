export {
  blockSize,
  imageSize,
  networkConfig,
  scaleFactors,
  type Affine,
  type ConditioningPlanes,
  type NetworkConfig,
  type PaperVariants,
  type Size,
} from './config.js';
export { ArgumentError, ConfigError, DivergenceError, ModelFileError, StateError, type Divergence } from './errors.js';
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
export { bypassWeight, imageWeights } from './schedule/blending.js';
export { filterCount, type FilterSchedule } from './schedule/filters.js';
export { originalNonProgressiveImages, progressAt, stages, type Stage, type StageSchedule } from './schedule/stages.js';
