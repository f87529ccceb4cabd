import * as tf from '@tensorflow/tfjs-core';
import { describeOnBackends, describeWithShared, expectClose, readNpy, sharedPath } from '@gansynth/test-kit';
import { expect, it } from 'vitest';
import { gansynthNormaliser, normaliserFromOriginal } from './constants.js';
import { measureNormaliser } from './measure.js';
import type { Normaliser } from './normaliser.js';

const folder = 'reference/golden/normalizer';
const read = (name: string): tf.Tensor4D => {
  const { data, shape } = readNpy(sharedPath(`${folder}/${name}.npy`));
  return tf.tensor4d(Float32Array.from(data), shape as [number, number, number, number]);
};
const rowsOf = (name: string): number[][] => {
  const { data, shape } = readNpy(sharedPath(`${folder}/${name}_values.npy`));
  return shape.length === 1
    ? [[...data]]
    : Array.from({ length: shape[0] as number }, (_, i) => [...data.subarray(4 * i, 4 * i + 4)]);
};

describeWithShared(folder, 'normalisers of the original code', () => {
  describeOnBackends('normaliser', () => {
    const originals: Record<string, () => Normaliser | Promise<Normaliser>> = {
      specgrams_prespecified_normalizer: gansynthNormaliser,
      specgrams_simple_normalizer: () => measureNormaliser([read('measured_on')]),
      specgrams_freq_normalizer: () => measureNormaliser([read('measured_on')], { per: 'frequency' }),
    };
    for (const [name, make] of Object.entries(originals)) {
      it(`${name}: applies and inverts as the original does`, async () => {
        const normaliser = await make();
        // 1e-5: stated by the reference, whose constants are float32.
        expectClose(normaliser.normalise(read('applied_to')).dataSync(), read(`${name}_normalised`).dataSync(), {
          absolute: 1e-5,
        });
        const small = tf.clipByValue(tf.mul<tf.Tensor4D>(read('applied_to'), 0.1), -1, 1);
        expectClose(normaliser.denormalise(small).dataSync(), read(`${name}_denormalised`).dataSync(), { absolute: 1e-5 });
      });
    }

    for (const [name, per] of [
      ['specgrams_simple_normalizer', 'channel'],
      ['specgrams_freq_normalizer', 'frequency'],
    ] as const) {
      it(`${name}: measures the values the original stores`, async () => {
        const measured = await measureNormaliser([read('measured_on')], { per });
        const original = normaliserFromOriginal(rowsOf(name));
        expect(measured.kind).toBe(original.kind);
        // 1e-6 of the largest: the original computed in float32.
        expectClose(measured.scale.flat(), original.scale.flat(), { relative: 1e-6 });
        expectClose(measured.offset.flat(), original.offset.flat(), { relative: 1e-6 });
      });
    }
  });
});
