/** Kernels this package uses where the current backend has them; without them, compositions of stock operations run instead. */
export const leakyReluGradKernel = 'LeakyReluGrad';
export const clipGradKernel = 'GansynthClipGrad';
export const boxUpscaleKernel = 'GansynthBoxUpscale';
export const adamKernel = 'GansynthAdam';
export const interpolateKernel = 'GansynthInterpolate';
