import { createRequire } from 'node:module';
import { startThreadedWasm } from '@gansynth/training/wasm';

/** Starts wasm on so many threads, and TensorFlow if GANSYNTH_TFJS_NODE names an addon. @returns the backends' names */
export async function startBackends(threads: number): Promise<string[]> {
  const { threads: started } = await startThreadedWasm({ threads });
  console.log(`wasm: ${started} threads`);
  return startTensorflow() ? ['wasm', 'tensorflow'] : ['wasm'];
}

/** Starts TensorFlow if GANSYNTH_TFJS_NODE names an addon. @returns whether it did */
export function startTensorflow(): boolean {
  const addon = process.env['GANSYNTH_TFJS_NODE'];
  if (addon === undefined) return false;
  const require = createRequire(import.meta.url);
  const util = require('node:util') as Record<string, unknown>;
  util['isNullOrUndefined'] ??= (value: unknown) => value === null || value === undefined;
  require(addon);
  return true;
}
