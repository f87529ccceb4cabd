import * as tf from '@tensorflow/tfjs-core';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { InputError } from '../app/errors.js';
import { readJson } from '../recipes/library.js';
import { writeAtomically, writeJson } from '../runs/atomic.js';

const [topologyFile, weightsFile] = ['model.json', 'weights.bin'];

/** A folder as a place for tfjs models: `model.json`, the format every tfjs program reads, and `weights.bin`. */
export function layersFolder(folder: string): tf.io.IOHandler {
  return {
    save: (artifacts) => {
      const { weightData, weightSpecs, ...rest } = artifacts;
      const weights = new Uint8Array(tf.io.CompositeArrayBuffer.join(weightData));
      writeAtomically(join(folder, weightsFile), weights);
      writeJson(join(folder, topologyFile), { ...rest, weightsManifest: [{ paths: [weightsFile], weights: weightSpecs }] });
      return Promise.resolve({
        modelArtifactsInfo: { dateSaved: new Date(), modelTopologyType: 'JSON', weightDataBytes: weights.length },
      });
    },
    load: () => {
      const path = join(folder, topologyFile);
      if (!existsSync(path)) throw new InputError(`${folder}: expected a tfjs model (${topologyFile}), found none.`, folder);
      const { weightsManifest, ...rest } = readJson(path) as tf.io.ModelArtifacts & {
        weightsManifest: readonly { readonly weights: tf.io.WeightsManifestEntry[] }[];
      };
      const weights = readFileSync(join(folder, weightsFile));
      const specs = weightsManifest.flatMap((group) => group.weights);
      const expected = specs.reduce((sum, { shape }) => sum + 4 * shape.reduce((size, side) => size * side, 1), 0);
      if (weights.length !== expected) {
        throw new InputError(
          `${join(folder, weightsFile)}: expected ${expected} bytes, found ${weights.length}: damaged. Make it again.`,
          weights.length,
        );
      }
      return Promise.resolve({
        ...rest,
        weightSpecs: specs,
        weightData: weights.buffer.slice(weights.byteOffset, weights.byteOffset + weights.length) as ArrayBuffer,
      });
    },
  };
}
