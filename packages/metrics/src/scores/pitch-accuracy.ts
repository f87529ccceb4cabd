import type { OptionNames } from '@gansynth/common/check-options';
import { checkOptions } from '../check-options.js';
import { type Accumulator, type AccumulatorState, mergeable } from './accumulator.js';
import { checkedNumber } from '../note/audio.js';
import { ShapeError, TooFewExamplesError, ValueError } from '../errors.js';
import { matrixOf, type Rows } from '../numeric/rows.js';
import { argMaxRow } from './softmax.js';

export interface LabelledLogits {
  /** Logits over pitches, [n, classes]. */
  readonly logits: Rows;
  /** MIDI pitch that each example was asked to have, length n. */
  readonly pitches: ArrayLike<number>;
}

export interface PitchClasses {
  /** Number of pitch classes, hence of logits an example. Default 128. */
  readonly classes?: number;
  /** MIDI pitch of class 0. Default 0. */
  readonly lowestPitch?: number;
}

export interface PitchAccuracyOptions extends PitchClasses {
  /** Semitones that `withinTolerance` forgives. Default 1, what the original evaluation forgave without saying so. */
  readonly tolerance?: number;
}

/** Their names, each once. */
export const pitchAccuracyOptionNames: OptionNames<PitchAccuracyOptions> = { tolerance: true, classes: true, lowestPitch: true };

export interface PitchAccuracy {
  /** Share of examples whose most likely pitch is the requested one. */
  readonly strict: number;
  /** Share within `tolerance` semitones. */
  readonly withinTolerance: number;
  readonly tolerance: number;
  readonly count: number;
  /** How often each pitch was taken for which: requested pitch -> predicted pitch -> examples. */
  readonly confusion: Confusion;
}

export type Confusion = Readonly<Record<number, Readonly<Record<number, number>>>>;

const KIND = 'pitchAccuracy';

/**
 * Share of notes that the classifier hears at the pitch they were asked to have, strictly and with the original evaluation's tolerance.
 *
 * @see Engel et al. 2019, section 5.1
 */
export function pitchAccuracy(
  options: PitchAccuracyOptions = {},
  state?: AccumulatorState,
): Accumulator<LabelledLogits, PitchAccuracy> {
  checkOptions('pitchAccuracy', options, pitchAccuracyOptionNames);
  const { classes = 128, lowestPitch = 0, tolerance = 1 } = options;
  checkedNumber(classes, 1, 1e6, KIND, 'classes');
  checkedNumber(tolerance, 0, classes, KIND, 'tolerance');
  // The tolerance only matters when the score is read, so it is no condition of merging.
  const settings = { classes, lowestPitch };
  const confusion: Record<number, Record<number, number>> = {};
  const count = (requested: number, predicted: number, examples: number): void => {
    const row = (confusion[requested] ??= {});
    row[predicted] = (row[predicted] ?? 0) + examples;
  };
  const take = (other: AccumulatorState): void => {
    for (const [requested, row] of Object.entries(other.sums['confusion'] as Confusion)) {
      for (const [predicted, examples] of Object.entries(row)) count(Number(requested), Number(predicted), examples);
    }
  };
  if (state) take(mergeable(state, KIND, settings));
  return {
    update({ logits, pitches }) {
      const { data, rows, columns } = matrixOf(logits, `${KIND}: update`, classes);
      checkPitches(pitches, rows, { classes, lowestPitch });
      for (let row = 0; row < rows; row++) count(pitches[row]!, argMaxRow(data, row * columns, columns) + lowestPitch, 1);
    },
    merge(other) {
      take(mergeable(other, KIND, settings));
    },
    compute() {
      let [total, strict, withinTolerance] = [0, 0, 0];
      for (const [requested, row] of Object.entries(confusion)) {
        for (const [predicted, examples] of Object.entries(row)) {
          const distance = Math.abs(Number(predicted) - Number(requested));
          total += examples;
          if (distance === 0) strict += examples;
          if (distance <= tolerance) withinTolerance += examples;
        }
      }
      if (total === 0)
        throw new TooFewExamplesError(`${KIND}: expected at least 1 example, found none. Call update first.`, 0, 1);
      return {
        strict: strict / total,
        withinTolerance: withinTolerance / total,
        tolerance,
        count: total,
        confusion: structuredClone(confusion),
      };
    },
    toJSON: () => ({ kind: KIND, settings, sums: { confusion: structuredClone(confusion) } }),
  };
}

function checkPitches(pitches: ArrayLike<number>, rows: number, { classes, lowestPitch }: Required<PitchClasses>): void {
  if (pitches.length !== rows) {
    throw new ShapeError(`${KIND}: update: expected one pitch for each of ${rows} examples, found ${pitches.length}.`, [
      pitches.length,
    ]);
  }
  for (let row = 0; row < rows; row++) {
    const pitch = pitches[row]!;
    if (!Number.isInteger(pitch) || pitch < lowestPitch || pitch >= lowestPitch + classes) {
      throw new ValueError(
        `${KIND}: update: expected pitches in [${lowestPitch}, ${lowestPitch + classes - 1}], found ${pitch} for example ${row}. Give MIDI numbers, not class indices, and set lowestPitch to that of class 0.`,
        pitch,
      );
    }
  }
}
