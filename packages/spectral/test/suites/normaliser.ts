import * as tf from '@tensorflow/tfjs-core';
import { expectClose, expectNoLeak } from '@gansynth/test-kit';
import { describe, expect, it } from 'vitest';
import {
  gansynthNormaliser,
  identityNormaliser,
  measureNormaliser,
  NonFiniteError,
  normaliserFromJSON,
  normaliserFromOriginal,
  OptionError,
  ShapeError,
  type NormaliserJSON,
} from '../../src/index.js';
import { noise } from '../signals.js';

const image = (values: ArrayLike<number>, batch: number, frames: number, bins: number): tf.Tensor4D =>
  tf.tensor4d(Float32Array.from(values), [batch, frames, bins, 2]);

const make = (json: object) => () => normaliserFromJSON(json as NormaliserJSON);

/** Normalisers: laws and refusals. */
export function normaliserSuite(): void {
  describe('normaliser', () => {
    it('maps what it measured to the margin and back', async () => {
      const x = image(noise(3 * 4 * 5 * 2, { scale: 7 }), 3, 4, 5);
      for (const per of ['channel', 'frequency'] as const) {
        const normaliser = await measureNormaliser([x], { per, margin: 0.6 });
        expect(normaliser.scale.length).toBe(per === 'channel' ? 1 : 5);
        const y = normaliser.normalise(x);
        expect((await tf.max(y).data())[0]).toBeCloseTo(0.6, 5);
        expect((await tf.min(y).data())[0]).toBeCloseTo(-0.6, 5);
        expectClose(await normaliser.denormalise(y).data(), await x.data(), { absolute: 1e-5 });
      }
    });

    it('measures per row: every row alone fills the margin', async () => {
      const x = image([0, 0, 10, 100, 1, 1, 20, 300], 1, 2, 2);
      const normaliser = await measureNormaliser([x], { per: 'frequency' });
      expectClose(await normaliser.normalise(x).data(), [-0.8, -0.8, -0.8, -0.8, 0.8, 0.8, 0.8, 0.8], { absolute: 1e-6 });
    });

    it('clips beyond the range, and lets no gradient through there', async () => {
      const normaliser = gansynthNormaliser();
      const x = image([1000, 0.5, -1000, -2], 1, 1, 2);
      expectClose(await normaliser.normalise(x).data(), [1, 0.4, -1, -1], { absolute: 1e-6 });
      const slope = tf.grad((y) => tf.sum(normaliser.normalise(y as tf.Tensor4D)))(x);
      expectClose(await slope.data(), [0, 0.8, 0, 0], { absolute: 1e-6 });
    });

    it('maps a constant row to 0 and back exactly', async () => {
      const x = image([-13.8155, 0, 5, 1, -13.8155, 0, 7, 2], 1, 2, 2);
      const normaliser = await measureNormaliser([x], { per: 'frequency' });
      const y = normaliser.normalise(x);
      expect([...(await y.data())].filter((_, i) => i % 4 < 2).map(Math.abs)).toEqual([0, 0, 0, 0]);
      expectClose(await normaliser.denormalise(y).data(), await x.data(), { absolute: 1e-5 });
    });

    it('reads no more examples than asked for, in batches of any size', async () => {
      let yielded = 0;
      async function* stream(): AsyncGenerator<tf.Tensor4D> {
        for (;;) {
          yielded++;
          const batch = image(
            Array.from({ length: 2 * 1 * 1 * 2 }, (_, i) => yielded * 10 + i),
            2,
            1,
            1,
          );
          yield batch;
          batch.dispose();
        }
      }
      const normaliser = await measureNormaliser(stream(), { examples: 5 });
      expect(yielded).toBe(3);
      const firstFive = await measureNormaliser([image([10, 11, 12, 13, 20, 21, 22, 23, 30, 31], 5, 1, 1)]);
      expect(normaliser.toJSON()).toEqual(firstFive.toJSON());
    });

    it('frees nothing that is not its own, and leaves nothing behind', async () => {
      const x = image(noise(8), 1, 2, 2);
      await expectNoLeak(async () => {
        const normaliser = await measureNormaliser([x]);
        tf.dispose([normaliser.normalise(x), normaliser.denormalise(x), identityNormaliser().normalise(x)]);
      });
      expect(x.isDisposed).toBe(false);
    });

    it('is rebuilt from its JSON', async () => {
      const x = image(noise(8, { scale: 3 }), 1, 2, 2);
      for (const normaliser of [gansynthNormaliser(), identityNormaliser(), await measureNormaliser([x], { per: 'frequency' })]) {
        const again = normaliserFromJSON(JSON.parse(JSON.stringify(normaliser)) as NormaliserJSON);
        expect(again.toJSON()).toEqual(normaliser.toJSON());
        expect(await again.normalise(x).data()).toEqual(await normaliser.normalise(x).data());
      }
      expect(gansynthNormaliser().toJSON()).toEqual({
        kind: 'gansynth',
        scale: [[0.0661371661726, 0.8]],
        offset: [[0.113718730221, 0]],
      });
    });

    it('reads the values the original stores', () => {
      expect(normaliserFromOriginal([[1, 2, 3, 4]]).toJSON()).toEqual({ kind: 'channel', scale: [[1, 3]], offset: [[2, 4]] });
      expect(() => normaliserFromOriginal([[1, 2, 3]])).toThrow(OptionError);
      expect(() => normaliserFromOriginal([])).toThrow(OptionError);
    });

    it('refuses an empty stream, NaN, and streams whose images change size', async () => {
      await expect(measureNormaliser([])).rejects.toThrow(/expected at least one image, found an empty stream/);
      await expect(measureNormaliser([tf.zeros<tf.Rank.R4>([0, 2, 2, 2])])).rejects.toThrow(/empty stream/);
      await expect(measureNormaliser([image([0, 1, Number.NaN, 2], 1, 1, 2)])).rejects.toThrow(NonFiniteError);
      await expect(measureNormaliser([image([0, 1], 1, 1, 1), image([0, 1, 2, 3], 1, 1, 2)])).rejects.toThrow(ShapeError);
      await expect(measureNormaliser([tf.zeros([2, 2]) as unknown as tf.Tensor4D])).rejects.toThrow(ShapeError);
      for (const margin of [0, -1, 1.5, Number.NaN]) {
        await expect(measureNormaliser([image([0, 1], 1, 1, 1)], { margin })).rejects.toThrow(OptionError);
      }
      await expect(measureNormaliser([], { examples: 0 })).rejects.toThrow(OptionError);
    });

    it('stops when aborted', async () => {
      const x = image([0, 1], 1, 1, 1);
      await expect(measureNormaliser([x], { signal: AbortSignal.abort(new Error('enough')) })).rejects.toThrow('enough');
    });

    it('refuses tables that cannot be undone, and images of another size', () => {
      for (const wrong of [
        { kind: 'other', scale: [[1, 1]], offset: [[0, 0]] },
        { kind: 'channel', scale: [[0, 1]], offset: [[0, 0]] },
        { kind: 'channel', scale: [[1, Number.NaN]], offset: [[0, 0]] },
        { kind: 'channel', scale: [[1, 1]], offset: [[0, null]] },
        { kind: 'channel', scale: [[1, 1]], offset: [[0]] },
        { kind: 'channel', scale: [], offset: [] },
        { kind: 'channel', scale: [[]], offset: [[]] },
        {
          kind: 'channel',
          scale: [[1, 1], [1]],
          offset: [
            [0, 0],
            [0, 0],
          ],
        },
        { kind: 'channel', scale: 3, offset: [[0, 0]] },
        { kind: 'channel' },
      ]) {
        expect(make(wrong), JSON.stringify(wrong)).toThrow(OptionError);
      }
      const rows = normaliserFromOriginal([
        [1, 0, 1, 0],
        [1, 0, 1, 0],
      ]);
      expect(() => rows.normalise(tf.zeros([1, 4, 3, 2]))).toThrow('expected [batch, frames, 2, 2], found [1, 4, 3, 2]');
      expect(() => rows.denormalise(tf.zeros([4, 2, 2]) as unknown as tf.Tensor4D)).toThrow(ShapeError);
      expect(rows.normalise(tf.zeros([0, 4, 2, 2])).shape).toEqual([0, 4, 2, 2]);
    });
  });
}
