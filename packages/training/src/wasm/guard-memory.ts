import { GansynthError } from '@gansynth/common/errors';
import * as tf from '@tensorflow/tfjs-core';
import { define } from '../errors.js';

/** A tensor for which the wasm backend has no room: it has 4 GB in all. */
export class WasmMemoryError extends GansynthError {
  static {
    define(this, 'WasmMemoryError', 'memory');
  }

  /** @param bytes of the tensor that found no room */
  constructor(readonly bytes: number) {
    const held = Math.round(tf.memory().numBytes / 1e6);
    super(
      `wasm: expected room for ${Math.round(bytes / 1e6)} MB, found none: the backend has 4295 MB in all, ${held} MB of them in tensors. ` +
        'Take a smaller batch (gradients of several can be accumulated: gradientAccumulator, microBatch), smaller images, or another backend.',
    );
  }
}

/** The allocator of the backend's module. */
export interface Allocator {
  _malloc?: (bytes: number) => number;
}

const guardedModules = new WeakSet<Allocator>();

/** Most that the module's memory can hold, bytes: 4 GB less a page. */
const room = 2 ** 32 - 2 ** 16;

/**
 * Lets an allocation that fails throw. The stock backend takes the address 0 that it gets then for a good one, writes there, and sooner or
 * later hangs in the allocator whose lists it has overwritten. Beyond 4 GB the allocator may also count past the end and hand out what
 * it has already given away; after that it is not asked again.
 */
export function guardMemory(wasm: Allocator): void {
  let malloc = wasm._malloc;
  if (malloc === undefined || guardedModules.has(wasm)) return;
  guardedModules.add(wasm);
  let lost = false;
  const guarded = (bytes: number): number => {
    const address = lost || bytes > room ? 0 : malloc!(bytes);
    lost ||= address !== 0 && (address >>> 0) + bytes > room;
    if (lost || (address === 0 && bytes > 0)) throw new WasmMemoryError(bytes);
    return address;
  };
  // The module's own entry replaces itself when it is called.
  Object.defineProperty(wasm, '_malloc', {
    configurable: true,
    enumerable: true,
    get: () => guarded,
    set: (next: (bytes: number) => number) => {
      malloc = next;
    },
  });
}
