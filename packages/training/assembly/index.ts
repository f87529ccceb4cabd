export { filterGradient } from './convolution';
export { adam, boxUpscale, clipGrad, gather, interpolate, leakyRelu, leakyReluGrad, spread } from './elementwise';
export { gated, gatedGrad } from './gated';
export { multiplyAdd, transpose } from './matrix';
export { convolve, packFilter } from './forward';
export { sumRows, sumSpans } from './sums';
export { winograd, winogradFilter } from './winograd';
export { winogradFilterGradient, winogradFilterGradientEnd } from './winograd-gradient';
