import { registerSecondOrderGradients } from './second-order.js';
import { registerTensorflowKernels } from './tensorflow-kernels.js';

registerSecondOrderGradients();
registerTensorflowKernels();

export { adam, disposeAdamState, type Adam, type AdamOptions, type AdamState } from './adam.js';
export { boxDownscale, boxUpscale, type BoxFactors } from './box-scale.js';
export { checkpointed } from './checkpointed.js';
export { clip } from './clip.js';
export { gatedActivation } from './gated-activation.js';
export { plus } from './plus.js';
export { disposeEmaState, ema, rampedDecay, type Ema, type EmaState } from './ema.js';
export { ArgumentError } from './errors.js';
export { gradientAccumulator, type GradientAccumulator } from './gradient-accumulator.js';
export { jsonField, toJson, type Json } from './json.js';
export { leakyRelu } from './leaky-relu.js';
export { lossAndGradients } from './loss-and-gradients.js';
export { moments, stopGradient, type MomentsOptions } from './moments.js';
export { prepareConvolution, type PreparedConvolution, type PrepareConvolutionOptions } from './prepare-convolution.js';
export { progressMeter, type ProgressMeter } from './progress-meter.js';
export type { AudioEvent, ImageEvent, RunEvent, RunEventWriter, ScalarsEvent, TextEvent } from './run-event.js';
export { registerSecondOrderGradients };
export * from './loop/index.js';
export * from './parameters/index.js';
