import { checkOptions } from '../check-options.js';
import { type Accumulator, type AccumulatorState, mergeable } from '../scores/accumulator.js';
import { hertzOfPitch } from '@gansynth/common/note-name';
import type { Samples } from './audio.js';
import { TooFewExamplesError } from '../errors.js';
import { phaseCoherence, type PhaseCoherence } from './phase-coherence.js';
import { type TrackedPitch, trackPitch } from './pitch-tracker.js';

export interface PitchedNote {
  /** One note, mono. */
  readonly audio: Samples;
  /** The pitch it was asked to have, MIDI number. */
  readonly pitch: number;
}

export interface NoteJudgement extends TrackedPitch, PhaseCoherence {}

/** A note further than this from its requested pitch is judged at the requested pitch: its harmonics are then not where they should be. */
const IN_TUNE_ENOUGH_CENTS = 100;

/**
 * Pitch and phase coherence of one note against the pitch it was asked to have: `trackPitch`, then `phaseCoherence` at the frequency found, or
 * at the requested one where the found one is more than a semitone away.
 */
export function judgeNote({ audio, pitch }: PitchedNote, { sampleRate }: { readonly sampleRate: number }): NoteJudgement {
  const tracked = trackPitch(audio, { sampleRate, pitch });
  const near = tracked.hertz !== null && tracked.cents !== null && Math.abs(tracked.cents) <= IN_TUNE_ENOUGH_CENTS;
  const hertz = near ? tracked.hertz : hertzOfPitch(pitch);
  return { ...tracked, ...phaseCoherence(audio, { sampleRate, hertz }) };
}

/** Means over notes; a silent note counts as out of tune and with 0 in every share. */
export interface NoteQuality {
  readonly notes: number;
  readonly silentNotes: number;
  /** Share of notes whose tracked pitch is within 20 cents of the requested one. */
  readonly within20Cents: number;
  readonly within50Cents: number;
  /** Mean distance from the requested pitch, cents; 600, the edge of the search, for a note without a pitch. */
  readonly meanAbsoluteCents: number;
  /** Means of `judgeNote`'s `clarity`, `repetition`, `lastingRepetition`, `harmonicEnergy`. */
  readonly clarity: number;
  readonly repetition: number;
  readonly lastingRepetition: number;
  readonly harmonicEnergy: number;
}

const KIND = 'noteQuality';
const FIELDS = [
  'notes',
  'silentNotes',
  'within20',
  'within50',
  'absoluteCents',
  'clarity',
  'repetition',
  'lastingRepetition',
  'harmonicEnergy',
] as const;
type Sums = Record<(typeof FIELDS)[number], number>;

/** What one note adds to the sums, in the order of their fields. */
export function qualityRow(note: PitchedNote, options: { readonly sampleRate: number }): number[] {
  const alone = noteQuality(options);
  alone.update([note]);
  const { sums } = alone.toJSON();
  return FIELDS.map((field) => Number(sums[field]));
}

/** The state of the accumulator that has seen one note alone. @param row of {@link qualityRow} */
export const qualityStateOf = (row: ArrayLike<number>, { sampleRate }: { readonly sampleRate: number }): AccumulatorState => ({
  kind: KIND,
  settings: { sampleRate },
  sums: Object.fromEntries(FIELDS.map((field, i) => [field, row[i] ?? 0])),
});

/**
 * Pitch within 20 and 50 cents, energy on harmonics and periodicity, averaged over notes: how a small model is judged without a classifier.
 *
 * @param state of an earlier `toJSON`, to go on from
 */
export function noteQuality(
  options: { readonly sampleRate: number },
  state?: AccumulatorState,
): Accumulator<readonly PitchedNote[], NoteQuality> {
  checkOptions(KIND, options, { sampleRate: true });
  const { sampleRate } = options;
  const settings = { sampleRate };
  const sums = Object.fromEntries(FIELDS.map((field) => [field, 0])) as Sums;
  const add = (more: Readonly<Record<string, unknown>>): void => {
    for (const field of FIELDS) sums[field] += more[field] as number;
  };
  if (state) add(mergeable(state, KIND, settings).sums);
  return {
    update(notes) {
      const more = Object.fromEntries(FIELDS.map((field) => [field, 0])) as Sums;
      for (const note of notes) {
        const { cents, clarity, repetition, lastingRepetition, harmonicEnergy } = judgeNote(note, { sampleRate });
        const distance = cents === null ? Number.POSITIVE_INFINITY : Math.abs(cents);
        more.notes++;
        if (harmonicEnergy === null) more.silentNotes++;
        if (distance <= 20) more.within20++;
        if (distance <= 50) more.within50++;
        more.absoluteCents += Math.min(600, distance);
        more.clarity += clarity;
        more.repetition += repetition ?? 0;
        more.lastingRepetition += lastingRepetition ?? 0;
        more.harmonicEnergy += harmonicEnergy ?? 0;
      }
      add(more);
    },
    merge(other) {
      add(mergeable(other, KIND, settings).sums);
    },
    compute() {
      const { notes } = sums;
      if (notes === 0) throw new TooFewExamplesError(`${KIND}: expected at least 1 note, found none. Call update first.`, 0, 1);
      return {
        notes,
        silentNotes: sums.silentNotes,
        within20Cents: sums.within20 / notes,
        within50Cents: sums.within50 / notes,
        meanAbsoluteCents: sums.absoluteCents / notes,
        clarity: sums.clarity / notes,
        repetition: sums.repetition / notes,
        lastingRepetition: sums.lastingRepetition / notes,
        harmonicEnergy: sums.harmonicEnergy / notes,
      };
    },
    toJSON: () => ({ kind: KIND, settings, sums: { ...sums } }),
  };
}
