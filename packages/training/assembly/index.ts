export { filterGradient } from './convolution';
export { adam, boxUpscale, clipGrad, interpolate, leakyRelu, leakyReluGrad, spread, sumRows } from './elementwise';
export { multiplyAdd, transpose } from './matrix';
export { convolve, packFilter } from './forward';
export { winograd, winogradFilter, winogradFilterGradient, winogradFilterGradientEnd } from './winograd';
