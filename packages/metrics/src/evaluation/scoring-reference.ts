import type { OptionNames } from '@gansynth/common/check-options';
import { checkOptions } from '../check-options.js';
import { TooFewExamplesError } from '../errors.js';
import { type NdbBins, ndbBins } from '../scores/ndb/bins.js';
import { hearNotes, type HearNotesOptions, type NoteSource } from './hear-notes.js';
import type { HeardNotes, SetScores } from './heard-notes.js';
import { setScoresOf } from './set-scores.js';

/** How bins for NDB are found. */
export interface BinsOptions {
  /** Bins for NDB, on `logSpectrogram` features with its defaults. If not given they are found on the reference notes. */
  readonly bins?: NdbBins | undefined;
  /** Number of bins to find. Default 50, or as many as there are reference notes for ten in each. */
  readonly k?: number | undefined;
  /** Restarts of the search for bins. Default 10. */
  readonly restarts?: number | undefined;
  /** Of the bins. Default 0. */
  readonly seed?: number | undefined;
}

export interface ScoringReferenceOptions extends Omit<HearNotesOptions, 'kind'>, BinsOptions {}

const binsOptionNames = { bins: true, k: true, restarts: true, seed: true, signal: true } as const;
const optionNames: OptionNames<ScoringReferenceOptions> = {
  classifier: true,
  batchSize: true,
  onEvent: true,
  ...binsOptionNames,
};

/** Real notes, heard once and cut into bins, against which any number of sets can be scored. */
export interface ScoringReference {
  readonly notes: HeardNotes;
  readonly scores: SetScores;
  readonly bins: NdbBins;
  /** Hash of the classifier that heard them. */
  readonly classifier: string;
}

/**
 * Makes real notes ready to be scored against again and again: `scoreNotes` takes the result for its `reference`.
 *
 * @throws TooFewExamplesError with fewer than 20 notes
 */
export async function scoringReference(notes: NoteSource, options: ScoringReferenceOptions): Promise<ScoringReference> {
  checkOptions('scoringReference', options, optionNames);
  const { classifier, batchSize, signal, onEvent, ...bins } = options;
  const heard = await hearNotes(notes, { classifier, batchSize, signal, onEvent, kind: 'reference' });
  return heardReference(heard, { ...bins, signal });
}

/**
 * The same of notes that were heard before.
 *
 * @throws TooFewExamplesError with fewer than 20 notes
 */
export async function heardReference(
  notes: HeardNotes,
  options: BinsOptions & { readonly signal?: AbortSignal | undefined } = {},
): Promise<ScoringReference> {
  checkOptions('heardReference', options, binsOptionNames);
  const { seed = 0, restarts = 10, signal } = options;
  const count = notes.pitches.length;
  if (count < 20) throw new TooFewExamplesError(`scoreNotes: expected at least 20 reference notes, found ${count}.`, count, 20);
  const k = options.k ?? Math.max(2, Math.min(50, Math.floor(count / 10)));
  const bins = options.bins ?? (await ndbBins(notes.spectrograms, { k, seed, restarts, ...(signal && { signal }) }));
  return { notes, scores: setScoresOf(notes), bins, classifier: notes.classifier };
}
