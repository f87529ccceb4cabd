import type { OptionNames } from '@gansynth/common/check-options';
import { checkOptions } from '../check-options.js';
import { type Accumulator, type AccumulatorState, mergeable } from './accumulator.js';
import { decodeDoubles, encodeDoubles } from '../numeric/base64.js';
import { checkedNumber } from '../note/audio.js';
import { TooFewExamplesError } from '../errors.js';
import { hashRow } from '../numeric/row-hash.js';
import { matrixOf, type Rows } from '../numeric/rows.js';
import { softmaxRow } from './softmax.js';

export interface InceptionScore {
  /** exp of the mean Kullback-Leibler divergence of an example's classes from the mean of all; between 1 and the number of classes. */
  readonly score: number;
  /** Standard deviation over the splits (divided by their number, not one less); 0 with one split. */
  readonly deviation: number;
  readonly count: number;
  readonly splits: number;
  /** The most that the score can be. */
  readonly classes: number;
}

export interface InceptionScoreOptions {
  /** Number of classes, hence of logits an example. */
  readonly classes: number;
  /**
   * Number of groups that are scored separately, then averaged. Default 1, as GANSynth's evaluation did; other codes use 10. Which group an
   * example falls into follows from its logits, so that order and sharding change nothing; groups are therefore only about equally large.
   */
  readonly splits?: number;
}

/** Their names, each once. */
export const inceptionScoreOptionNames: OptionNames<InceptionScoreOptions> = { classes: true, splits: true };

interface Group {
  count: number;
  negativeEntropy: number;
  readonly marginal: Float64Array;
}

const KIND = 'inceptionScore';

/**
 * Inception score from logits of the pitch classifier: high when every example is surely of one class and the classes are many.
 *
 * @see Salimans et al. 2016; Engel et al. 2019, section 5.1
 */
export function inceptionScore(options: InceptionScoreOptions, state?: AccumulatorState): Accumulator<Rows, InceptionScore> {
  checkOptions('inceptionScore', options, inceptionScoreOptionNames);
  const { classes, splits = 1 } = options;
  checkedNumber(classes, 1, 1e6, KIND, 'classes');
  checkedNumber(splits, 1, 1e4, KIND, 'splits');
  const settings = { classes, splits };
  const groups = Array.from({ length: splits }, (): Group => ({
    count: 0,
    negativeEntropy: 0,
    marginal: new Float64Array(classes),
  }));
  const take = (other: AccumulatorState): void => {
    for (const [i, saved] of (other.sums['groups'] as { count: number; negativeEntropy: number; marginal: string }[]).entries()) {
      const group = groups[i]!;
      const marginal = decodeDoubles(saved.marginal, classes, KIND);
      group.count += saved.count;
      group.negativeEntropy += saved.negativeEntropy;
      for (let c = 0; c < classes; c++) group.marginal[c]! += marginal[c]!;
    }
  };
  if (state) take(mergeable(state, KIND, settings));
  const probabilities = new Float64Array(classes);
  return {
    update(logits) {
      const { data, rows, columns } = matrixOf(logits, `${KIND}: update`, classes);
      for (let row = 0; row < rows; row++) {
        const group = groups[splits === 1 ? 0 : hashRow(data, row * columns, columns) % splits]!;
        group.count++;
        group.negativeEntropy += softmaxRow(data, row * columns, columns, probabilities);
        for (let c = 0; c < classes; c++) group.marginal[c]! += probabilities[c]!;
      }
    },
    merge(other) {
      take(mergeable(other, KIND, settings));
    },
    compute() {
      const smallest = Math.min(...groups.map(({ count }) => count));
      if (smallest === 0) {
        throw new TooFewExamplesError(
          `${KIND}: expected at least 1 example in each of ${splits} splits, found none in one. Use fewer splits or more examples.`,
          0,
          1,
        );
      }
      const scores = groups.map(({ count, negativeEntropy, marginal }) => {
        let ofMarginal = 0;
        for (const total of marginal) if (total > 0) ofMarginal += (total / count) * Math.log(total / count);
        return Math.exp(negativeEntropy / count - ofMarginal);
      });
      const score = scores.reduce((sum, value) => sum + value, 0) / splits;
      const deviation = Math.sqrt(scores.reduce((sum, value) => sum + (value - score) ** 2, 0) / splits);
      return { score, deviation, count: groups.reduce((sum, group) => sum + group.count, 0), splits, classes };
    },
    toJSON: () => ({
      kind: KIND,
      settings,
      sums: {
        groups: groups.map(({ count, negativeEntropy, marginal }) => ({
          count,
          negativeEntropy,
          marginal: encodeDoubles(marginal),
        })),
      },
    }),
  };
}
