export { chooseForms, type ConvolutionForms } from './compiled/choose-forms.js';
export {
  compileGenerator,
  type CompiledGenerator,
  type CompileOptions,
  type CompileSource,
} from './compiled/compile-generator.js';
export type { CostEstimate } from './compiled/cost-estimate.js';
export { readWeights } from './compiled/read-weights.js';
