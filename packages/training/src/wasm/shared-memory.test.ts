import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { describe, expect, it } from 'vitest';
import { sharingMemory, withSharedMemory } from './shared-memory.js';

const header = [0, 0x61, 0x73, 0x6d, 1, 0, 0, 0];
const exported = [7, 5, 1, 1, 0x6d, 2, 0];
/** (module (memory (export "m") 1 2)) */
const limited = Uint8Array.from([...header, 5, 4, 1, 1, 1, 2, ...exported]);
/** (module (memory (export "m") 1)) */
const unlimited = Uint8Array.from([...header, 5, 3, 1, 0, 1, ...exported]);

const answer = (): Response => new Response(limited, { headers: { 'Content-Type': 'application/wasm' } });

const memoryOf = (instance: WebAssembly.Instance): WebAssembly.Memory =>
  Object.values(instance.exports).find((value) => value instanceof WebAssembly.Memory)!;

describe('withSharedMemory', () => {
  it('declares a memory with a limit as shared, and changes nothing else', () => {
    const before = limited.slice();
    const instance = new WebAssembly.Instance(new WebAssembly.Module(withSharedMemory(limited)));
    expect(memoryOf(instance).buffer).toBeInstanceOf(SharedArrayBuffer);
    expect(limited).toEqual(before);
    const { buffer } = memoryOf(new WebAssembly.Instance(new WebAssembly.Module(limited)));
    expect(buffer).not.toBeInstanceOf(SharedArrayBuffer);
  });

  it('leaves alone what cannot be shared, and what is no module', () => {
    for (const binary of [unlimited, Uint8Array.from(header), Uint8Array.of(1, 2, 3), new Uint8Array()])
      expect(withSharedMemory(binary)).toBe(binary);
  });

  it.each(['', '-simd'])('shares the memory of tfjs-backend-wasm%s', (kind) => {
    const path = createRequire(import.meta.url).resolve(`@tensorflow/tfjs-backend-wasm/dist/tfjs-backend-wasm${kind}.wasm`);
    const binary = Uint8Array.from(readFileSync(path));
    const shared = withSharedMemory(binary);
    expect(WebAssembly.validate(shared)).toBe(true);
    expect(shared.reduce((different, byte, at) => different + (byte === binary[at] ? 0 : 1), 0)).toBe(1);
  });
});

describe('sharingMemory', () => {
  it('shares the memory of what is instantiated meanwhile, however, and of nothing later', async () => {
    const { instantiate, instantiateStreaming } = WebAssembly;
    const [plain, streamed, compiled] = await sharingMemory(() =>
      Promise.all([
        WebAssembly.instantiate(limited.buffer),
        WebAssembly.instantiateStreaming(Promise.resolve(answer())),
        WebAssembly.instantiate(new WebAssembly.Module(limited)),
      ]),
    );
    for (const { instance } of [plain, streamed]) expect(memoryOf(instance).buffer).toBeInstanceOf(SharedArrayBuffer);
    expect(memoryOf(compiled).buffer).not.toBeInstanceOf(SharedArrayBuffer);
    expect(WebAssembly).toMatchObject({ instantiate, instantiateStreaming });
    await expect(sharingMemory(() => Promise.reject(new Error('no start')))).rejects.toThrow('no start');
    expect(WebAssembly).toMatchObject({ instantiate, instantiateStreaming });
  });
});
