import * as tf from '@tensorflow/tfjs-core';
import type { WasmBackend } from './memory.js';

export interface KernelCall<Inputs extends string> {
  readonly inputs: Readonly<Record<Inputs, tf.TensorInfo>>;
  readonly attrs: tf.NamedAttrMap;
  readonly backend: WasmBackend;
}

export type Kernel<Inputs extends string> = (call: KernelCall<Inputs>) => tf.TensorInfo | tf.TensorInfo[];

/** The kernel that tfjs-backend-wasm has under a name. */
export function stockKernel<Inputs extends string>(name: string): Kernel<Inputs> | undefined {
  const config = tf.getKernel(name, 'wasm') as tf.KernelConfig | null | undefined;
  return config ? (config.kernelFunc as unknown as Kernel<Inputs>) : undefined;
}

/** Registers a kernel for the wasm backend, instead of the stock one if there is one. */
export function replaceKernel<Inputs extends string>(kernelName: string, kernel: Kernel<Inputs>): void {
  const stock = tf.getKernel(kernelName, 'wasm') as tf.KernelConfig | null | undefined;
  if (stock) tf.unregisterKernel(kernelName, 'wasm');
  tf.registerKernel({
    kernelName,
    backendName: 'wasm',
    kernelFunc: kernel as unknown as tf.KernelFunc,
    // The stock kernel may still be called, so it must be set up when the backend starts.
    ...(stock?.setupFunc ? { setupFunc: stock.setupFunc } : {}),
  });
}

/** The values of an argument as float32, or an error naming the kernel. */
export function requireFloat32(kernelName: string, ...tensors: readonly tf.TensorInfo[]): void {
  for (const { dtype } of tensors) {
    if (dtype !== 'float32') throw new Error(`training/wasm: ${kernelName}: expected float32 tensors, found ${dtype}.`);
  }
}
