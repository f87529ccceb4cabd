import { breathe } from '@gansynth/common/breathe';
import { checkOptions } from '../check-options.js';
import { jsonField, streamState } from '@gansynth/training';
import { randomStream, randomStreamFrom } from '@gansynth/common/random';
import { TooFewExamplesError, ValueError } from '../errors.js';
import { stackInputs } from './input.js';
import type { ClassifierBatch } from './labels.js';
import type { ClassifierSettings } from './settings.js';

/** Where a trainer gets its notes from. */
export interface ClassifierSource {
  next(batchSize: number, options?: { readonly signal?: AbortSignal }): Promise<ClassifierBatch>;
  /** Where the source stands, as JSON; needed, with `restore`, to save a training and go on with it. */
  state?(): unknown;
  restore?(state: unknown): void | Promise<void>;
}

/** An input made earlier by `classifierInput`, and its labels. */
export interface ClassifierExample {
  readonly input: Float32Array;
  readonly pitch: number;
  readonly family?: number;
  readonly source?: number;
  readonly qualities?: ArrayLike<number>;
}

/** Examples that are got when they are needed: from disk, say, where memory holds some of them. An array is one that holds all. */
export interface ClassifierExamples {
  readonly length: number;
  /** @param index from 0 to before `length` */
  at(index: number): ClassifierExample | undefined | Promise<ClassifierExample>;
}

/** Examples in an order drawn anew for each pass. */
export function classifierSource(
  examples: ClassifierExamples,
  settings: ClassifierSettings,
  options: { readonly seed?: number } = {},
): Required<ClassifierSource> {
  checkOptions('classifierSource', options, { seed: true });
  const { seed = 0 } = options;
  if (examples.length === 0) throw new TooFewExamplesError('classifierSource: expected at least 1 example, found none.', 0, 1);
  let stream = randomStream(seed, 'classifier-order');
  let before = stream.state;
  let order = stream.permutation(examples.length);
  let position = 0;
  const draw = (): number => {
    if (position === order.length) {
      before = stream.state;
      order = stream.permutation(examples.length);
      position = 0;
    }
    return order[position++]!;
  };
  return {
    async next(batchSize, { signal } = {}) {
      const batch: ClassifierExample[] = [];
      for (const index of Array.from({ length: batchSize }, draw)) {
        await breathe(signal);
        batch.push((await examples.at(index))!);
      }
      return {
        inputs: stackInputs(
          batch.map(({ input }) => input),
          settings.input,
        ),
        pitches: batch.map(({ pitch }) => pitch),
        ...(batch.every(({ family }) => family !== undefined) && { families: batch.map(({ family }) => family!) }),
        ...(batch.every(({ source }) => source !== undefined) && { sources: batch.map(({ source }) => source!) }),
        ...(batch.every(({ qualities }) => qualities !== undefined) && {
          qualities: batch.flatMap(({ qualities }) => Array.from(qualities!)),
        }),
      };
    },
    state: () => ({ order: { ...before }, position }),
    restore: (state) => {
      const at = jsonField(state, 'position');
      before = streamState('order', jsonField(state, 'order'));
      stream = randomStreamFrom(before);
      order = stream.permutation(examples.length);
      if (!(typeof at === 'number' && Number.isInteger(at) && at >= 0 && at <= order.length)) {
        throw new ValueError(
          `classifierSource: restore: expected a position from 0 to ${order.length}, found ${JSON.stringify(at)}. Give the examples the state was saved with.`,
          at,
        );
      }
      position = at;
    },
  };
}
