import '@gansynth/test-kit';
import * as tf from '@tensorflow/tfjs-core';
import { describe, expect, it } from 'vitest';
import { guardMemory, WasmMemoryError, type Allocator } from './guard-memory.js';
import './index.js';
import type { WasmBackend } from './memory.js';

describe('the memory of the wasm backend', () => {
  it('refuses a tensor for which there is no room, and other tensors are as they were', async () => {
    await tf.setBackend('wasm');
    const backend = tf.backend() as unknown as WasmBackend;
    const x = tf.tensor1d([1, 2, 3]);
    // Address space only: nothing is written to it.
    const large = backend.makeOutput([600_000_000], 'float32');
    for (const size of [600_000_000, 2 ** 31]) {
      expect(() => backend.makeOutput([size], 'float32')).toThrow(WasmMemoryError);
      expect(() => backend.makeOutput([size], 'float32')).toThrow(/expected room for \d+ MB, found none.*smaller batch/);
    }
    backend.disposeData(large.dataId, true);
    expect([...x.dataSync()]).toEqual([1, 2, 3]);
    x.dispose();
  });

  it('is not asked again once its allocator has counted past the end', () => {
    const given = [1000, -200_000_000, 2000];
    const wasm: Allocator = { _malloc: () => given.shift() ?? 0 };
    guardMemory(wasm);
    guardMemory(wasm);
    expect(wasm._malloc?.(64)).toBe(1000);
    expect(() => wasm._malloc?.(300_000_000)).toThrow(WasmMemoryError);
    expect(() => wasm._malloc?.(64)).toThrow(WasmMemoryError);
    expect(given).toEqual([2000]);
  });

  it('stays guarded when the module replaces its own entry', () => {
    const wasm: Allocator = { _malloc: () => ((wasm._malloc = () => 0), 8) };
    guardMemory(wasm);
    expect(wasm._malloc?.(64)).toBe(8);
    expect(() => wasm._malloc?.(64)).toThrow(WasmMemoryError);
  });
});
