import * as tf from '@tensorflow/tfjs-core';
import { withinFullScale } from '../full-scale.js';
import { applyOperator, sparseOperator, type SparseOperator } from '../sparse-operator.js';
import { AMPLITUDE_FLOOR, BLOCK, partialPlaces } from './layout.js';
import { noiseBands, noiseStart } from './noise-bands.js';
import type { AdditiveJSON } from './options.js';
import { blockEdges, partialsOf, type Edges } from './synthesis-plan.js';

/** Harmonics that are summed at once: a note of each is a quarter of a megabyte, several times over. */
const AT_ONCE = 16;

export interface Interpolation {
  readonly edges: Edges;
  /** Frames to edges. */
  readonly operator: SparseOperator;
  /** [frames, blocks]: samples by which a deviation in a frame has counted when a block begins. */
  readonly passed: Float32Array;
}

/** Values of frames at the edges of blocks, and their running sum. */
export function interpolation(json: AdditiveJSON): Interpolation {
  const edges = blockEdges(json);
  const { blocks, frame, weight } = edges;
  const taps = Array.from(frame, (row, column) => [
    { row, column, value: 1 - weight[column]! },
    { row: row + 1, column, value: weight[column]! },
  ]).flat();
  const passed = new Float32Array(json.frames * blocks);
  const sum = new Float64Array(json.frames);
  for (let block = 0; block < blocks; block++) {
    for (const [i, value] of sum.entries()) passed[i * blocks + block] = value;
    for (const edge of [block, block + 1]) {
      const i = frame[edge]!;
      sum[i] = sum[i]! + (BLOCK / 2) * (1 - weight[edge]!);
      sum[i + 1] = sum[i + 1]! + (BLOCK / 2) * weight[edge]!;
    }
  }
  return { edges, operator: sparseOperator(json.frames, blocks + 1, taps), passed };
}

/** [..., edges] to [..., blocks, BLOCK]: straight lines from edge to edge. */
function lines(values: tf.Tensor, blocks: number): tf.Tensor {
  const [batch, rows] = values.shape as [number, number];
  const from = tf.slice(values, [0, 0, 0], [batch, rows, blocks]);
  const slope = tf.sub(tf.slice(values, [0, 0, 1], [batch, rows, blocks]), from);
  return tf.add(tf.expandDims(from, 3), tf.mul(tf.expandDims(slope, 3), ramps()));
}

const ramps = (): tf.Tensor =>
  tf.tensor4d(
    Float32Array.from({ length: BLOCK }, (_, n) => n / BLOCK),
    [1, 1, 1, BLOCK],
  );

const turnsToSine = (turns: tf.Tensor): tf.Tensor => tf.sin(tf.mul(tf.sub(turns, tf.round(turns)), 2 * Math.PI));

/** Images [batch, frames, bins, 2] to audio [batch, samples] by tensor operations; differentiable. */
export function decodeTensor(
  image: tf.Tensor4D,
  pitches: readonly number[],
  fundamentals: readonly number[],
  json: AdditiveJSON,
  { edges, operator, passed }: Interpolation,
): tf.Tensor2D {
  const batch = image.shape[0];
  const { frames, bins, noiseBands: bands, samples } = json;
  const { blocks } = edges;
  const [level, deviation] = tf.unstack(tf.transpose(image, [0, 2, 1, 3]), 3) as [tf.Tensor3D, tf.Tensor3D];
  const fade = tf.tensor3d(Float32Array.from(edges.fade), [1, 1, blocks + 1]);
  const amplitude = (levels: tf.Tensor): tf.Tensor =>
    tf.mul(tf.relu(tf.sub(tf.exp(tf.div(applyOperator(levels, operator), 2)), AMPLITUDE_FLOOR)), fade);
  const partials = fundamentals.map((fundamental) => new Map(partialsOf(json, fundamental).map((one) => [one.number, one])));
  // The lowest note has all that the others have.
  const places = partialPlaces(json, Math.min(...fundamentals));
  const most = places.length;
  let sum: tf.Tensor = tf.zeros([batch, blocks, BLOCK]);
  for (let first = 0; first < most; first += AT_ONCE) {
    const count = Math.min(AT_ONCE, most - first);
    sum = tf.add(
      sum,
      tf.tidy(() => {
        const chosen = new Float32Array(count * bins);
        const turn = new Float32Array(batch * count);
        const loud = new Float32Array(batch * count);
        const steady = new Float32Array(batch * count * blocks);
        for (let h = 0; h < count; h++) {
          const { number, bin } = places[first + h]!;
          chosen[h * bins + bin] = 1;
          for (const [item, some] of partials.entries()) {
            const partial = some.get(number);
            if (partial === undefined) continue;
            const row = item * count + h;
            turn[row] = partial.turn;
            loud[row] = Math.SQRT2;
            for (let block = 0; block < blocks; block++) {
              // In double precision, whole turns left out.
              const turns = partial.phase + partial.turn * BLOCK * block;
              steady[row * blocks + block] = turns - Math.floor(turns);
            }
          }
        }
        const choose = (values: tf.Tensor): tf.Tensor =>
          tf.reshape(
            tf.matMul(
              tf.tensor2d(chosen, [count, bins]),
              tf.reshape(tf.transpose(values, [1, 0, 2]), [bins, batch * frames]) as tf.Tensor2D,
            ),
            [count, batch, frames],
          );
        const perItem = (values: tf.Tensor): tf.Tensor => tf.transpose(choose(values), [1, 0, 2]);
        const off = tf.div(perItem(deviation), 100);
        const turns = tf.tensor3d(turn, [batch, count, 1]);
        const gone = tf.reshape(
          tf.matMul(tf.reshape(off, [batch * count, frames]) as tf.Tensor2D, tf.tensor2d(passed, [frames, blocks])),
          [batch, count, blocks],
        );
        const start = tf.add(tf.tensor3d(steady, [batch, count, blocks]), tf.mul(gone, turns));
        const offEdges = applyOperator(off, operator);
        const offBlocks = tf.div(
          tf.add(tf.slice(offEdges, [0, 0, 0], [batch, count, blocks]), tf.slice(offEdges, [0, 0, 1], [batch, count, blocks])),
          2,
        );
        const step = tf.mul(tf.add(offBlocks, 1), turns);
        const within = tf.mul(tf.expandDims(step, 3), tf.mul(ramps(), BLOCK));
        const wave = turnsToSine(tf.add(tf.expandDims(start, 3), within));
        const loudness = tf.mul(amplitude(perItem(level)), tf.tensor3d(loud, [batch, count, 1]));
        return tf.sum(tf.mul(lines(loudness, blocks), wave), 1);
      }),
    );
  }
  if (bands > 0) {
    const loudness = amplitude(tf.slice(level, [0, bins - bands, 0], [batch, bands, frames]));
    sum = tf.add(sum, tf.sum(tf.mul(lines(loudness, blocks), noiseOf(pitches, blocks, json)), 1));
  }
  return withinFullScale(tf.slice(tf.reshape(sum, [batch, blocks * BLOCK]), [0, 0], [batch, samples]) as tf.Tensor2D);
}

/** [batch, bands, blocks, BLOCK] */
function noiseOf(pitches: readonly number[], blocks: number, json: AdditiveJSON): tf.Tensor4D {
  const { period, bands } = noiseBands(json);
  const length = blocks * BLOCK;
  const values = new Float32Array(pitches.length * bands.length * length);
  for (const [item, pitch] of pitches.entries()) {
    const start = noiseStart(pitch, period);
    for (const [b, band] of bands.entries()) {
      const at = (item * bands.length + b) * length;
      for (let n = 0; n < length; n++) values[at + n] = band[(start + n) % period]!;
    }
  }
  return tf.tensor4d(values, [pitches.length, bands.length, blocks, BLOCK]);
}
