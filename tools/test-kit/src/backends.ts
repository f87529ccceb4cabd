import { createRequire } from 'node:module';
import { dirname } from 'node:path';
import { pathToFileURL } from 'node:url';
import '@tensorflow/tfjs-layers';
import '@tensorflow/tfjs-backend-cpu';
import { setWasmPaths } from '@tensorflow/tfjs-backend-wasm';
import { describePerBackend } from './suite.js';

export type BackendName = 'cpu' | 'wasm' | 'tensorflow' | 'webgl' | 'webgpu';

const require = createRequire(import.meta.url);

/** Loads tfjs-node's addon if it was built into this checkout; its absence is no error, tests then say that they skipped it. */
function loadTensorflow(): boolean {
  const util = require('node:util') as Record<string, unknown>;
  util['isNullOrUndefined'] ??= (value: unknown) => value === null || value === undefined;
  util['isArray'] ??= Array.isArray;
  try {
    require(process.env['GANSYNTH_TFJS_NODE'] ?? '@tensorflow/tfjs-node');
    return true;
  } catch (error) {
    if (process.env['GANSYNTH_TFJS_NODE'] !== undefined) throw error;
    return false;
  }
}

/** GANSYNTH_TFJS_NODE names the folder of a built @tensorflow/tfjs-node that lies elsewhere (it must share this checkout's tfjs-core). */
export const tensorflowAvailable: boolean = loadTensorflow();

setWasmPaths(`${pathToFileURL(dirname(require.resolve('@tensorflow/tfjs-backend-wasm/package.json'))).pathname}/dist/`);

/** The backends a numeric suite runs on in Node: `cpu` and `wasm` always, `tensorflow` where its addon was built. */
export const nodeBackends: readonly BackendName[] = tensorflowAvailable ? ['cpu', 'wasm', 'tensorflow'] : ['cpu', 'wasm'];

/** Runs one suite once per backend that runs in Node here. */
export function describeOnBackends(
  name: string,
  body: (backend: BackendName) => void,
  backends: readonly BackendName[] = nodeBackends,
): void {
  describePerBackend(name, backends, body);
}
