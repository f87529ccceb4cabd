import { messageOf } from '@gansynth/common/errors';
// Registers the gradients of tfjs; without it nothing trains.
import '@tensorflow/tfjs-layers';
import * as tf from '@tensorflow/tfjs-core';
import { EnvironmentError } from '../app/errors.js';
import { BackendUnavailable, backendNames, type BackendName, type Failure, type Loaded } from './names.js';

interface LoadOptions {
  readonly allowSoftware?: boolean;
  /** Of a CPU. */
  readonly threads?: number | undefined;
}

const loaders: Readonly<Record<BackendName, (options: LoadOptions) => Promise<Loaded>>> = {
  tensorflow: async () => (await import('./tensorflow.js')).loadTensorflow(),
  webgpu: async ({ allowSoftware = false }) => (await import('./webgpu.js')).loadWebgpu({ allowSoftware }),
  wasm: async ({ threads }) => (await import('./wasm.js')).loadWasm(threads),
  cpu: async () => (await import('./cpu.js')).loadCpu(),
};

export interface Choice extends Loaded {
  /** Those before it in the order that do not run here, and why. */
  readonly passedOver: readonly Failure[];
}

/** Loads one backend and makes it tfjs's own; how it failed otherwise. */
export async function tryBackend(name: BackendName, options: LoadOptions = {}): Promise<Loaded | Failure> {
  try {
    const loaded = await loaders[name](options);
    if (!(await tf.setBackend(name))) throw new BackendUnavailable(`tfjs refused to start ${name}.`, 'Run gansynth doctor.');
    await tf.ready();
    return loaded;
  } catch (error) {
    if (error instanceof BackendUnavailable) return { name, reason: error.reason, cure: error.cure };
    return { name, reason: messageOf(error), cure: 'Run gansynth doctor; or take another backend with --backend.' };
  }
}

export const isFailure = (tried: Loaded | Failure): tried is Failure => 'cure' in tried;

/**
 * Makes the first backend that runs here tfjs's own, in the order tensorflow, webgpu, wasm, cpu; or the one named, or no other.
 *
 * @throws EnvironmentError if the one named does not run: why, and the cure
 */
export async function chooseBackend(wanted: BackendName | 'auto' = 'auto', threads?: number): Promise<Choice> {
  const passedOver: Failure[] = [];
  for (const name of wanted === 'auto' ? backendNames : [wanted]) {
    const tried = await tryBackend(name, { allowSoftware: wanted === 'webgpu', threads });
    if (!isFailure(tried)) return { ...tried, passedOver };
    passedOver.push(tried);
  }
  const told = passedOver.map(({ name, reason, cure }) => `--backend ${name}: ${reason} ${cure}`).join('\n');
  throw new EnvironmentError(told, wanted);
}
