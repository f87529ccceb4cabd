import { halfValues, toHalves } from '@gansynth/common/half';
import type { Communicator } from './communicator.js';
import { distances } from './gather.js';

/** Values exchanged at once: 4 MiB, small enough to add up while the next ones travel. */
const pieceSize = 2 ** 20;

/** How values travel. */
export interface Wire {
  /** What is sent in the place of values; `slot` 0 or 1: the other one may still be under way. */
  encode(values: Float32Array, slot: number): Float32Array | Uint16Array;
  /** Where as many are received. */
  buffer(length: number, slot: number): Float32Array | Uint16Array;
  add(values: Float32Array, received: Float32Array | Uint16Array): void;
  put(values: Float32Array, received: Float32Array | Uint16Array): void;
}

/** Values as they are. */
export function float32Wire(): Wire {
  const buffers = [0, 1].map(() => new Float32Array(pieceSize));
  return {
    encode: (values) => values,
    buffer: (length, slot) => buffers[slot]!.subarray(0, length),
    add: (values, received) => {
      for (let i = 0; i < values.length; i++) values[i]! += received[i]!;
    },
    put: (values, received) => values.set(received),
  };
}

/**
 * Values times a scale, rounded to 16 bits each time they travel; sums are made in 32.
 *
 * @param scale a power of two that keeps the sum of all processes within 65,504
 */
export function float16Wire(scale: number): Wire {
  const sent = [0, 1].map(() => new Uint16Array(pieceSize));
  const received = [0, 1].map(() => new Uint16Array(pieceSize));
  const meaning = halfValues();
  return {
    encode: (values, slot) => {
      const halves = sent[slot]!.subarray(0, values.length);
      toHalves(values, scale, halves);
      return halves;
    },
    buffer: (length, slot) => received[slot]!.subarray(0, length),
    add: (values, halves) => {
      for (let i = 0; i < values.length; i++) values[i]! += meaning[halves[i]!]! / scale;
    },
    put: (values, halves) => {
      for (let i = 0; i < values.length; i++) values[i] = meaning[halves[i]!]! / scale;
    },
  };
}

/**
 * Puts in the place of each process's values the sum over all processes, the same bits on each: ((0 + 1) + (2 + 3)) + ... of their ranks. MPI's own
 * reductions promise no order.
 *
 * Each process sends and receives twice its values at most, however many there are (recursive halving, then doubling; Rabenseifner 2004): at each
 * distance two partners halve the range that both still hold, and each adds up its half; then the finished ranges are handed back.
 *
 * @param values the same number on all processes, whose number is a power of two
 */
export async function sumInPairs(communicator: Communicator, values: Float32Array, wire: Wire = float32Wire()): Promise<void> {
  const { rank, ranks } = communicator;
  const steps: { readonly partner: number; readonly mine: Float32Array; readonly theirs: Float32Array }[] = [];
  let held = values;
  for (const distance of distances(ranks)) {
    const middle = held.length >>> 1;
    const halves = [held.subarray(0, middle), held.subarray(middle)] as const;
    const [mine, theirs] = rank & distance ? [halves[1], halves[0]] : halves;
    const step = { partner: rank ^ distance, mine, theirs };
    await exchangePieces(communicator, step.partner, theirs, mine, wire, wire.add);
    steps.push(step);
    held = mine;
  }
  // What others get of a finished sum, its own process takes too.
  if (ranks > 1) for (const piece of pieces(held)) wire.put(piece, wire.encode(piece, 0));
  for (const { partner, mine, theirs } of steps.toReversed()) {
    await exchangePieces(communicator, partner, mine, theirs, wire, wire.put);
  }
}

function* pieces(values: Float32Array): Generator<Float32Array> {
  for (let from = 0; from < values.length; from += pieceSize) yield values.subarray(from, from + pieceSize);
}

/** Sends values and does something with those received, piece by piece: with one while the next is under way. */
async function exchangePieces(
  { exchange }: Communicator,
  partner: number,
  sent: Float32Array,
  place: Float32Array,
  wire: Wire,
  use: Wire['add'],
): Promise<void> {
  const count = Math.ceil(Math.max(sent.length, place.length) / pieceSize);
  const pieceOf = (values: Float32Array, index: number): Float32Array =>
    values.subarray(Math.min(values.length, index * pieceSize), (index + 1) * pieceSize);
  let before: (() => void) | undefined;
  for (let index = 0; index < count; index++) {
    const slot = index % 2;
    const piece = pieceOf(place, index);
    const received = wire.buffer(piece.length, slot);
    const exchanged = exchange(partner, wire.encode(pieceOf(sent, index), slot), received);
    before?.();
    await exchanged;
    before = () => use(piece, received);
  }
  before?.();
}
