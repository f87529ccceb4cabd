import type { NoteQuality } from '../note/note-quality.js';
import { NotComparableError, ShapeError, TooFewExamplesError } from '../errors.js';
import type { Diversity } from '../scores/diversity.js';
import type { InceptionScore } from '../scores/inception-score.js';
import type { PitchAccuracy } from '../scores/pitch-accuracy.js';
import type { PitchEntropy } from '../scores/pitch-entropy.js';

/** Numbers of notes, one note a row: [notes, columns]. */
export interface NoteRows<Data extends Float32Array | Float64Array = Float32Array> {
  readonly data: Data;
  readonly shape: readonly [notes: number, columns: number];
}

/**
 * What is known of a set of notes once each of them was heard: all that its scores are computed from. Plain numbers, to be written down, sent,
 * and joined to the set that they are a part of.
 */
export interface HeardNotes {
  /** Hash of the classifier that heard them. */
  readonly classifier: string;
  /** Where it ran. */
  readonly backend: string;
  /** Hz. */
  readonly sampleRate: number;
  /** MIDI, of the classifier's first class. */
  readonly lowestPitch: number;
  /** MIDI; what each was asked to have. */
  readonly pitches: Int32Array;
  readonly features: NoteRows;
  readonly logits: NoteRows;
  /** What each adds to the sums of `noteQuality`. */
  readonly qualities: NoteRows<Float64Array>;
  /** `logSpectrogram` with its defaults. */
  readonly spectrograms: NoteRows;
  /** Of all notes, in whatever order; 12 hexadecimal digits. */
  readonly fingerprint: string;
}

/** Scores that one set of notes has by itself. */
export interface SetScores {
  readonly inceptionScore: InceptionScore;
  readonly pitchAccuracy: PitchAccuracy;
  readonly pitchEntropy: PitchEntropy;
  readonly quality: NoteQuality;
  /** On the classifier's features; `null` without two notes of one pitch. */
  readonly diversity: Diversity | null;
}

export const floats = (length: number): Float32Array => new Float32Array(length);

const fingerprints = 2 ** 48;

/** A sum does not depend on the order. */
export const addFingerprints = (a: number, b: number): number => (a + b) % fingerprints;
export const writtenFingerprint = (sum: number): string => sum.toString(16).padStart(12, '0');

type RowField = 'features' | 'logits' | 'qualities' | 'spectrograms';
const rowFields: readonly RowField[] = ['features', 'logits', 'qualities', 'spectrograms'];

function checkRows(part: HeardNotes, first: HeardNotes): void {
  for (const field of rowFields) {
    const { data, shape } = part[field];
    const columns = first[field].shape[1];
    if (shape[0] === part.pitches.length && shape[1] === columns && data.length === shape[0] * columns) continue;
    throw new ShapeError(
      `joinHeardNotes: expected ${field} of shape [${part.pitches.length}, ${columns}], found [${shape.join(', ')}] with ${data.length} numbers.`,
      shape,
    );
  }
}

/**
 * Parts of a set as the set itself: scores computed from it are those of the undivided set, bit for bit where the parts were heard in the same
 * batches.
 *
 * @param parts in their order
 * @throws NotComparableError where they were heard by different classifiers; TooFewExamplesError for none
 */
export function joinHeardNotes(parts: readonly HeardNotes[]): HeardNotes {
  const [first] = parts;
  if (first === undefined) throw new TooFewExamplesError('joinHeardNotes: expected at least 1 part, found none.', 0, 1);
  for (const name of ['classifier', 'sampleRate', 'lowestPitch'] as const) {
    const odd = parts.find((part) => part[name] !== first[name]);
    if (odd === undefined) continue;
    throw new NotComparableError(`joinHeardNotes: expected parts with one ${name}, found ${first[name]} and ${odd[name]}.`, [
      `${name}: ${first[name]} and ${odd[name]}`,
    ]);
  }
  for (const part of parts) checkRows(part, first);
  const count = parts.reduce((sum, { pitches }) => sum + pitches.length, 0);
  const joined = <Data extends Float32Array | Float64Array>(
    rowsOf: (part: HeardNotes) => NoteRows<Data>,
    make: (length: number) => Data,
  ): NoteRows<Data> => {
    const columns = rowsOf(first).shape[1];
    const data = make(count * columns);
    let at = 0;
    for (const part of parts) {
      data.set(rowsOf(part).data, at);
      at += rowsOf(part).data.length;
    }
    return { data, shape: [count, columns] };
  };
  const sum = parts.reduce((total, { fingerprint }) => addFingerprints(total, Number.parseInt(fingerprint, 16)), 0);
  return {
    classifier: first.classifier,
    backend: [...new Set(parts.map(({ backend }) => backend))].join(', '),
    sampleRate: first.sampleRate,
    lowestPitch: first.lowestPitch,
    pitches: Int32Array.from(parts.flatMap(({ pitches }) => [...pitches])),
    features: joined(({ features }) => features, floats),
    logits: joined(({ logits }) => logits, floats),
    qualities: joined(
      ({ qualities }) => qualities,
      (length) => new Float64Array(length),
    ),
    spectrograms: joined(({ spectrograms }) => spectrograms, floats),
    fingerprint: writtenFingerprint(sum),
  };
}
