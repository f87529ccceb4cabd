import { messageOf } from '@gansynth/common/errors';
// Registers the gradients of tfjs; without it nothing trains.
import '@tensorflow/tfjs-layers';
import * as tf from '@tensorflow/tfjs-core';
import { EnvironmentError } from '../app/errors.js';
import { BackendUnavailable, backendNames, type BackendName, type Failure, type Loaded } from './names.js';

const loaders: Readonly<Record<BackendName, (options: { readonly allowSoftware: boolean }) => Promise<Loaded>>> = {
  tensorflow: async () => (await import('./tensorflow.js')).loadTensorflow(),
  webgpu: async (options) => (await import('./webgpu.js')).loadWebgpu(options),
  wasm: async () => (await import('./wasm.js')).loadWasm(),
  cpu: async () => (await import('./cpu.js')).loadCpu(),
};

export interface Choice extends Loaded {
  /** Those before it in the order that do not run here, and why. */
  readonly passedOver: readonly Failure[];
}

/** Loads one backend and makes it tfjs's own; how it failed otherwise. */
export async function tryBackend(name: BackendName, allowSoftware = false): Promise<Loaded | Failure> {
  try {
    const loaded = await loaders[name]({ allowSoftware });
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
export async function chooseBackend(wanted: BackendName | 'auto' = 'auto'): Promise<Choice> {
  const passedOver: Failure[] = [];
  for (const name of wanted === 'auto' ? backendNames : [wanted]) {
    const tried = await tryBackend(name, wanted === 'webgpu');
    if (!isFailure(tried)) return { ...tried, passedOver };
    passedOver.push(tried);
  }
  const told = passedOver.map(({ name, reason, cure }) => `--backend ${name}: ${reason} ${cure}`).join('\n');
  throw new EnvironmentError(told, wanted);
}
