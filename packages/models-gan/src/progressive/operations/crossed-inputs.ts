import * as tf from '@tensorflow/tfjs-core';
import { instrumentShares } from './instrument-votes.js';
import { defineOperation, product, type Operation } from './operation.js';

export interface CrossedInputsConfig {
  readonly instruments: number;
  /** Levels of each attribute, whose values of z follow the instruments' votes. */
  readonly levels: readonly number[];
  /** Positions of the attributes that are crossed. */
  readonly crossed: readonly number[];
  /** Pitches of the classes, ascending. */
  readonly pitches: readonly number[];
  /** Pitches that combinations are told apart by, evenly from the lowest to the highest. */
  readonly anchors: number;
}

/** Share of a level's width over which it fades into the next one. */
const fade = 0.2;

/**
 * A value of z as shares of its attribute's levels: one level has all but near the border to the next. [batch, 1] -> [batch, levels]
 *
 * The share of a normal distribution below z is taken as a logistic function of an odd polynomial, within 1.5e-4: every backend has it.
 */
function levelShares(value: tf.Tensor2D, levels: number): tf.Tensor2D {
  const below = tf.sigmoid(tf.mul(value, tf.add(tf.mul(tf.square(value), 0.07056), 1.5976)));
  // Levels' middles are 0, 1, ...; what lies farther out is all the first level's or the last one's.
  const place = tf.clipByValue(tf.sub(tf.mul(below, levels), 0.5), 0, levels - 1);
  const distance = tf.abs(tf.sub(place, tf.range(0, levels)));
  return tf.clipByValue<tf.Tensor2D>(tf.add<tf.Tensor2D>(tf.div(tf.sub(0.5, distance), fade), 0.5), 0, 1);
}

/** How near each pitch is to each anchor: 1 at it, 0 at its neighbours. [pitches, anchors] */
function nearness(pitches: readonly number[], anchors: number): tf.Tensor2D {
  const [low, high] = [pitches[0]!, pitches.at(-1)!];
  const place = (pitch: number): number => (high === low ? 0 : ((pitch - low) / (high - low)) * (anchors - 1));
  const rows = pitches.map((pitch) =>
    Array.from({ length: anchors }, (_, anchor) => Math.max(0, 1 - Math.abs(place(pitch) - anchor))),
  );
  return tf.tensor2d(rows);
}

/** Shares of every pair: [batch, a], [batch, b] -> [batch, a * b]. */
function pairs(a: tf.Tensor2D, b: tf.Tensor2D): tf.Tensor2D {
  const [, columns] = a.shape;
  return tf.reshape(tf.mul(tf.expandDims(a, 2), tf.expandDims(b, 1)), [-1, columns * b.shape[1]]);
}

/** Shares, one of which has all, as values whose mean square is 1. */
const unit = (shares: tf.Tensor2D): tf.Tensor2D => tf.mul(shares, Math.sqrt(shares.shape[1]));

/** Rows of the table. */
const combinations = ({ instruments, levels, crossed, anchors }: CrossedInputsConfig): number =>
  product([Math.max(1, instruments), ...crossed.map((position) => levels[position]!), anchors]);

/**
 * What a generator with crossed inputs is given, for the first layer: votes of the instruments, shares of the attributes' levels, the rest of z, the
 * pitch, and the share of every combination of instrument, levels of the crossed attributes and pitch anchor. Each group has a mean square of 1 where
 * one of it has all. [batch, latentSize], one-hot [batch, pitches] -> [batch, values]
 */
export const crossedInputs: Operation<CrossedInputsConfig> = defineOperation({
  className: 'GansynthCrossedInputs',
  outputShape: (config, [latent, pitch]) => {
    const told = config.levels.reduce((sum, levels) => sum + levels - 1, latent![0]!);
    return [told + pitch![0]! + combinations(config)];
  },
  run: ({ instruments, levels, crossed, pitches, anchors }, [latent, pitch]) => {
    const z = latent as tf.Tensor2D;
    const labels = pitch as tf.Tensor2D;
    const columns = (from: number, count: number): tf.Tensor2D => tf.slice(z, [0, from], [-1, count]);
    const votes = instruments === 0 ? [] : [instrumentShares(z, instruments)];
    const shares = levels.map((count, at) => levelShares(columns(instruments + at, 1), count));
    const told = instruments + levels.length;
    const rest = (z.shape[1] as number) - told;
    const anchored: tf.Tensor2D = tf.matMul<tf.Tensor2D>(labels, nearness(pitches, anchors));
    const table = [...votes, ...crossed.map((at) => shares[at]!), anchored].reduce(pairs);
    const groups = [...[...votes, ...shares].map(unit), ...(rest === 0 ? [] : [columns(told, rest)]), unit(labels), unit(table)];
    return tf.concat(groups, 1);
  },
});
