import * as tf from '@tensorflow/tfjs-core';
import { expectClose, readGoldenNpy } from '@gansynth/test-kit';
import { describe, expect, it } from 'vitest';
import { gansynthNormaliser, measureNormaliser, normaliserFromOriginal, type Normaliser } from '../../src/index.js';

const folder = 'normalizer';
const read = async (name: string): Promise<tf.Tensor4D> => {
  const { data, shape } = await readGoldenNpy(`${folder}/${name}.npy`);
  return tf.tensor4d(Float32Array.from(data), shape as [number, number, number, number]);
};
const valuesOf = async (name: string): Promise<Float32Array> =>
  Float32Array.from((await readGoldenNpy(`${folder}/${name}.npy`)).data);
const rowsOf = async (name: string): Promise<number[][]> => {
  const { data, shape } = await readGoldenNpy(`${folder}/${name}_values.npy`);
  return shape.length === 1 ? [[...data]] : Array.from({ length: shape[0]! }, (_, i) => [...data.subarray(4 * i, 4 * i + 4)]);
};

/** Normalisers as the original code applies and measures them. */
export function goldenNormalisersSuite(): void {
  describe('normalisers of the original code', () => {
    const originals: Record<string, () => Normaliser | Promise<Normaliser>> = {
      specgrams_prespecified_normalizer: gansynthNormaliser,
      specgrams_simple_normalizer: async () => measureNormaliser([await read('measured_on')]),
      specgrams_freq_normalizer: async () => measureNormaliser([await read('measured_on')], { per: 'frequency' }),
    };
    for (const [name, make] of Object.entries(originals)) {
      it(`${name}: applies and inverts as the original does`, async () => {
        const normaliser = await make();
        const image = await read('applied_to');
        // 1e-5: stated by the reference, whose constants are float32.
        expectClose(await normaliser.normalise(image).data(), await valuesOf(`${name}_normalised`), { absolute: 1e-5 });
        const small = tf.clipByValue(tf.mul<tf.Tensor4D>(image, 0.1), -1, 1);
        expectClose(await normaliser.denormalise(small).data(), await valuesOf(`${name}_denormalised`), { absolute: 1e-5 });
      });
    }

    for (const [name, per] of [
      ['specgrams_simple_normalizer', 'channel'],
      ['specgrams_freq_normalizer', 'frequency'],
    ] as const) {
      it(`${name}: measures the values the original stores`, async () => {
        const measured = await measureNormaliser([await read('measured_on')], { per });
        const original = normaliserFromOriginal(await rowsOf(name));
        expect(measured.kind).toBe(original.kind);
        // 1e-6 of the largest: the original computed in float32.
        expectClose(measured.scale.flat(), original.scale.flat(), { relative: 1e-6 });
        expectClose(measured.offset.flat(), original.offset.flat(), { relative: 1e-6 });
      });
    }
  });
}
