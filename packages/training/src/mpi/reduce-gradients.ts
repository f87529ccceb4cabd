import { largestHalf } from '@gansynth/common/half';
import * as tf from '@tensorflow/tfjs-core';
import { addLosses } from '../parameters/add-in-pairs.js';
import type { ReduceGradients } from '../parameters/gradient-sum.js';
import type { Communicator } from './communicator.js';
import { ProcessError } from './errors.js';
import { gatherTexts } from './gather.js';
import { float16Wire, float32Wire, sumInPairs } from './sum-in-pairs.js';

/** What each process says of its part before they add them up. */
interface Word {
  readonly update: string;
  /** Of each gradient; null: there is none. */
  readonly shapes: readonly (readonly number[] | null)[];
  readonly losses: Readonly<Record<string, number>>;
  readonly examples: number;
  /** Greatest magnitude of a value, where it matters; null: not finite. */
  readonly greatest: number | null;
  /** This process was asked to stop. */
  readonly stop: boolean;
}

export interface ReductionOptions {
  readonly wire: 'float32' | 'float16';
  /** Whether this process was asked to stop. */
  readonly isAskedToStop: () => boolean;
  /** All processes stop now: what the reduction throws. */
  readonly stopAll: () => unknown;
}

/**
 * Sums of gradients over processes, in pairs. Before each they compare notes: an update of another name or shape, which means that the processes have come
 * apart, is an error on all of them; that one was asked to stop stops all at the same update.
 */
export function mpiReduction(communicator: Communicator, { wire, isAskedToStop, stopAll }: ReductionOptions): ReduceGradients {
  const exact = float32Wire();
  let flat = new Float32Array(0);
  return async ({ gradients, losses, examples }, { name }) => {
    try {
      const sizes = gradients.map((gradient) => gradient?.size ?? 0);
      const size = sizes.reduce((sum, one) => sum + one, 0);
      if (flat.length < size) flat = new Float32Array(size);
      const values = flat.subarray(0, size);
      const parts = partsOf(values, sizes);
      for (const [index, gradient] of gradients.entries()) if (gradient) parts[index]!.set(await gradient.data());
      const shapes = gradients.map((gradient) => gradient && gradient.shape);
      const greatest = wire === 'float16' ? greatestOf(values) : 0;
      const mine: Word = { update: name, shapes, losses, examples, greatest, stop: isAskedToStop() };
      const words = (await gatherTexts(communicator, wordText(mine))).map(wordOf);
      if (words.some(({ stop }) => stop)) throw stopAll();
      checkSame(words);
      await sumInPairs(communicator, values, wire === 'float32' ? exact : float16Wire(scaleOf(words)));
      return {
        // Backends may keep the numbers they are given.
        gradients: shapes.map((shape, index) => shape && tf.tensor(parts[index]!.slice(), [...shape])),
        losses: addLosses(words.map((word) => word.losses)),
        examples: words.reduce((sum, word) => sum + word.examples, 0),
      };
    } finally {
      tf.dispose(gradients.filter((gradient) => gradient !== null));
    }
  };
}

function partsOf(values: Float32Array, sizes: readonly number[]): Float32Array[] {
  let from = 0;
  return sizes.map((size) => values.subarray(from, (from += size)));
}

function greatestOf(values: Float32Array): number | null {
  let greatest = 0;
  for (const value of values) {
    if (!(Math.abs(value) <= greatest)) greatest = Math.abs(value);
    if (Number.isNaN(greatest)) return null;
  }
  return Number.isFinite(greatest) ? greatest : null;
}

/** JSON knows no NaN, and a loss that is none must arrive as it is. */
const wordText = (word: Word): string =>
  JSON.stringify(word, (_, value: unknown) =>
    typeof value === 'number' && !Number.isFinite(value) ? { number: String(value) } : value,
  );

const wordOf = (text: string): Word =>
  JSON.parse(text, (_, value: unknown) =>
    typeof value === 'object' && value !== null && 'number' in value ? Number(value.number) : value,
  ) as Word;

function checkSame(words: readonly Word[]): void {
  const texts = words.map(({ update, shapes, losses }) => JSON.stringify([update, shapes, Object.keys(losses)]));
  const other = texts.findIndex((text) => text !== texts[0]);
  if (other < 0) return;
  const named = (index: number): string => `${words[index]!.update} (${words[index]!.shapes.length} gradients)`;
  throw new ProcessError(
    `expected all processes at the same update, found process 0 at ${named(0)} and process ${other} at ${named(other)}: they do not train the same. ` +
      'Start them together, with one recipe and the same data.',
  );
}

/** A power of two that keeps sums of all processes' values within what 16 bits hold. */
function scaleOf(words: readonly Word[]): number {
  const greatest = words.map((word) => word.greatest);
  // What is not finite stays so: the step is refused for it.
  if (greatest.includes(null)) return 1;
  const bound = greatest.reduce<number>((sum, one) => sum + (one ?? 0), 0);
  return bound === 0 ? 1 : 2 ** Math.floor(Math.log2(largestHalf / bound));
}
