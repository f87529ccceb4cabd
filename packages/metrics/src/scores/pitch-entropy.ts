import { checkOptions } from '../check-options.js';
import { type Accumulator, type AccumulatorState, mergeable } from './accumulator.js';
import { checkedNumber } from '../note/audio.js';
import { TooFewExamplesError } from '../errors.js';
import { matrixOf, type Rows } from '../numeric/rows.js';
import { softmaxRow } from './softmax.js';

export interface PitchEntropy {
  /** Mean over examples of the entropy of the classifier's distribution over pitches, nats; 0 is sure, ln(classes) knows nothing. */
  readonly entropy: number;
  readonly count: number;
}

const KIND = 'pitchEntropy';

/**
 * How unsure the classifier is of a note's pitch, on average.
 *
 * @param options.classes number of pitch classes, hence of logits an example; default 128
 * @see Engel et al. 2019, section 5.1
 */
export function pitchEntropy(
  options: { readonly classes?: number } = {},
  state?: AccumulatorState,
): Accumulator<Rows, PitchEntropy> {
  checkOptions(KIND, options, { classes: true });
  const { classes = 128 } = options;
  checkedNumber(classes, 1, 1e6, KIND, 'classes');
  const settings = { classes };
  const sums = { count: 0, entropy: 0 };
  const take = (other: AccumulatorState): void => {
    sums.count += other.sums['count'] as number;
    sums.entropy += other.sums['entropy'] as number;
  };
  if (state) take(mergeable(state, KIND, settings));
  const probabilities = new Float64Array(classes);
  return {
    update(logits) {
      const { data, rows, columns } = matrixOf(logits, `${KIND}: update`, classes);
      for (let row = 0; row < rows; row++) sums.entropy -= softmaxRow(data, row * columns, columns, probabilities);
      sums.count += rows;
    },
    merge(other) {
      take(mergeable(other, KIND, settings));
    },
    compute() {
      const { count, entropy } = sums;
      if (count === 0)
        throw new TooFewExamplesError(`${KIND}: expected at least 1 example, found none. Call update first.`, 0, 1);
      return { entropy: Math.max(0, entropy / count), count };
    },
    toJSON: () => ({ kind: KIND, settings, sums: { ...sums } }),
  };
}
