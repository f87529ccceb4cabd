/** Kernels this package uses where the current backend has them; without them, compositions of stock operations run instead. */
export const leakyReluGradKernel = 'LeakyReluGrad';
export const clipGradKernel = 'GansynthClipGrad';
export const boxUpscaleKernel = 'GansynthBoxUpscale';
export const adamKernel = 'GansynthAdam';
export const gatedKernel = 'GansynthGated';
export const gatedGradKernel = 'GansynthGatedGrad';
export const interpolateKernel = 'GansynthInterpolate';
/** These two have no composition to fall back on: see prepareConvolution. */
export const transformFilterKernel = 'GansynthTransformFilter';
export const preparedConvolutionKernel = 'GansynthPreparedConvolution';
