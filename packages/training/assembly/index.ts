export { filterGradient } from './convolution';
export { adam, boxUpscale, clipGrad, interpolate, leakyRelu, leakyReluGrad, spread, sumRows } from './elementwise';
export { multiplyAdd, transpose } from './matrix';
export { convolve, packFilter } from './forward';
export { winograd, winogradFilter } from './winograd';
export { winogradFilterGradient, winogradFilterGradientEnd } from './winograd-gradient';
