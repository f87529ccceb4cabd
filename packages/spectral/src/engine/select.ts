import { engine, KernelBackend } from '@tensorflow/tfjs-core';
import { OptionError } from '../errors.js';

/**
 * Who computes: `typed-array` (a real FFT over typed arrays), `tensor` (tensor operations only, the DFT as matrix products), or
 * `auto`: typed arrays where tensors live in host memory, tensor operations on GPUs.
 */
export type EngineName = 'auto' | 'typed-array' | 'tensor';

const engineNames: readonly string[] = ['auto', 'typed-array', 'tensor'] satisfies EngineName[];

export function checkEngine(name: EngineName, what: string): EngineName {
  if (!engineNames.includes(name)) {
    throw new OptionError(
      `${what}: expected engine to be one of ${engineNames.join(', ')}, found ${String(name)}.`,
      'engine',
      name,
    );
  }
  return name;
}

/**
 * Whether the current backend keeps tensors in host memory, so that reading one is a copy and not a stalled GPU. Asks for a
 * capability, not for a name: GPU backends override `readToGPU`.
 */
export const tensorsInHostMemory = (): boolean => engine().backend.readToGPU === KernelBackend.prototype.readToGPU;

/** The seam for linear operators: both engines give their own gradient, so only the place of the numbers decides. */
export const useTypedArrays = (name: EngineName): boolean => (name === 'auto' ? tensorsInHostMemory() : name === 'typed-array');

/** The seam for whole chains, which have a typed-array shortcut without a gradient: not while a gradient is being recorded. */
export const useShortcut = (name: EngineName): boolean => useTypedArrays(name) && !engine().isTapeOn();
