import * as tf from '@tensorflow/tfjs-core';
import {
  adamKernel,
  boxUpscaleKernel,
  clipGradKernel,
  gatedGradKernel,
  gatedKernel,
  interpolateKernel,
  leakyReluGradKernel,
} from '../kernel-names.js';
import { dispatch } from './dispatch.js';
import { addressOf, type WasmBackend } from './memory.js';
import { replaceKernel, requireFloat32 } from './registration.js';

/** Element-wise work of a training step, each in one pass over memory. */
export function registerElementwise(): void {
  replaceKernel<'x'>(tf.LeakyRelu, ({ inputs: { x }, attrs, backend }) => {
    requireFloat32('LeakyRelu', x);
    const y = backend.makeOutput(x.shape, 'float32');
    dispatch(backend, 'leakyRelu', [...addresses(backend, x, y), attrs['alpha'] as number], [0, sizeOf(x)]);
    return y;
  });
  replaceKernel<'dy' | 'x'>(leakyReluGradKernel, ({ inputs: { dy, x }, attrs, backend }) => {
    requireFloat32(leakyReluGradKernel, dy, x);
    const dx = backend.makeOutput(x.shape, 'float32');
    dispatch(backend, 'leakyReluGrad', [...addresses(backend, dy, x, dx), attrs['alpha'] as number], [0, sizeOf(x)]);
    return dx;
  });
  replaceKernel<'dy' | 'x'>(clipGradKernel, ({ inputs: { dy, x }, attrs, backend }) => {
    requireFloat32(clipGradKernel, dy, x);
    const dx = backend.makeOutput(x.shape, 'float32');
    const limits = [attrs['minimum'] as number, attrs['maximum'] as number];
    dispatch(backend, 'clipGrad', [...addresses(backend, dy, x, dx), ...limits], [0, sizeOf(x)]);
    return dx;
  });
  replaceKernel<'x'>(gatedKernel, ({ inputs: { x }, backend }) => {
    requireFloat32(gatedKernel, x);
    const width = x.shape.at(-1)! / 2;
    const y = backend.makeOutput([...x.shape.slice(0, -1), width], 'float32');
    dispatch(backend, 'gated', [...addresses(backend, x, y), width], [0, sizeOf(y) / width], {
      multiple: 1,
      work: exponentialWork * sizeOf(x),
    });
    return y;
  });
  replaceKernel<'dy' | 'x'>(gatedGradKernel, ({ inputs: { dy, x }, backend }) => {
    requireFloat32(gatedGradKernel, dy, x);
    const width = x.shape.at(-1)! / 2;
    const dx = backend.makeOutput(x.shape, 'float32');
    dispatch(backend, 'gatedGrad', [...addresses(backend, dy, x, dx), width], [0, sizeOf(dy) / width], {
      multiple: 1,
      work: exponentialWork * sizeOf(x),
    });
    return dx;
  });
  replaceKernel<'start' | 'end'>(interpolateKernel, ({ inputs: { start, end }, attrs, backend }) => {
    requireFloat32(interpolateKernel, start, end);
    const y = backend.makeOutput(start.shape, 'float32');
    dispatch(backend, 'interpolate', [...addresses(backend, start, end, y), attrs['amount'] as number], [0, sizeOf(y)]);
    return y;
  });
  replaceKernel<'weight' | 'gradient' | 'first' | 'second'>(adamKernel, ({ inputs, attrs, backend }) => {
    const { weight, gradient, first, second } = inputs;
    requireFloat32(adamKernel, weight, gradient, first, second);
    const outputs = Array.from({ length: 3 }, () => backend.makeOutput(weight.shape, 'float32'));
    const coefficients = ['beta1', 'beta2', 'epsilon', 'stepSize', 'scale'].map((name) => attrs[name] as number);
    const tensors = addresses(backend, weight, gradient, first, second, ...outputs);
    dispatch(backend, 'adam', [...tensors, ...coefficients], [0, sizeOf(weight)]);
    return outputs;
  });
  replaceKernel<'x'>(boxUpscaleKernel, ({ inputs: { x }, attrs, backend }) => {
    requireFloat32(boxUpscaleKernel, x);
    const [batch, height, width, channels] = x.shape as [number, number, number, number];
    const [factorY, factorX] = attrs['factors'] as [number, number];
    const y = backend.makeOutput([batch, height * factorY, width * factorX, channels], 'float32');
    const sizes = [width, channels, factorY, factorX];
    dispatch(backend, 'boxUpscale', [...addresses(backend, x, y), ...sizes], [0, batch * height], {
      multiple: 1,
      work: sizeOf(y),
    });
    return y;
  });
}

/** Operations for each exponential, roughly. */
const exponentialWork = 16;

const sizeOf = ({ shape }: tf.TensorInfo): number => tf.util.sizeFromShape(shape);

const addresses = (backend: WasmBackend, ...tensors: readonly tf.TensorInfo[]): number[] =>
  tensors.map((tensor) => addressOf(backend, tensor));
