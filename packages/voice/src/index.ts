import { httpFiles } from '@gansynth/model-files';
import * as tf from '@tensorflow/tfjs-core';
import { BackendError } from './errors.js';
import { openVoiceOn, type OpenOptions, type VoiceSource } from './open-voice.js';
import type { Voice } from './voice.js';

export * from './exports.js';

/**
 * Opens a model to play it.
 *
 * A page, or a worker, computes on the backend that it imports and registers (`@tensorflow/tfjs-backend-webgl`, `-webgpu` or `-wasm`). In Node one
 * is started if none runs: WebAssembly on all processors.
 *
 * @param source a model package, any other source of files, or a URL; in Node also a folder (a model's or a run's), or the name of an
 * installed npm package
 * @throws ArgumentError for options that the model has not; ModelError if there is no model, its files are damaged (a ModelFileError is its cause then), or it cannot be made to sound; BackendError
 * if nothing computes here
 */
export const openVoice: (source: VoiceSource, options?: OpenOptions) => Promise<Voice> = openVoiceOn({
  files: (name) => httpFiles(name),
  async startBackend() {
    if (Object.keys(tf.engine().registryFactory).length === 0) {
      throw new BackendError(
        'expected a backend, found none: import "@tensorflow/tfjs-backend-webgl" (or -wasm, -webgpu) before.',
      );
    }
    await tf.ready();
  },
});
