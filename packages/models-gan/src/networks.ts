export {
  blockSize,
  imageSize,
  scaleFactors,
  type Affine,
  type ConditioningPlanes,
  type CrossedInputs,
  type NoteAttribute,
  type PaperVariants,
  type Size,
} from './progressive/config.js';
export { imageShape } from './model/generator-model.js';
export { blendImages } from './progressive/network/blend-images.js';
export { critic, type CriticInputs, type CriticOutputs } from './progressive/network/critic.js';
export { generator } from './progressive/network/generator.js';
export type { GeneratorInputs } from './progressive/network/generator-input.js';
export type { Graph } from './progressive/network/graph.js';
export type { Step } from './progressive/network/shape-graph.js';
export { canvasSize, fullyGrown, type Growth } from './progressive/network/stage-shape.js';
export { tensorGraph, type Weights } from './progressive/network/tensor-graph.js';
export {
  conditioningShape,
  networkSteps,
  networkVariables,
  parameterCount,
  type NetworkName,
  type Variable,
} from './progressive/network/variables.js';
export { bypassWeight, imageWeights } from './progressive/schedule/blending.js';
export { filterCount, type FilterSchedule } from './progressive/schedule/filters.js';
