import type { OptionNames } from '@gansynth/common/check-options';
import { checkOptions } from '../check-options.js';
import { TooFewExamplesError } from '../errors.js';
import { type NdbBins, ndbBins } from '../scores/ndb/bins.js';
import { type DescribedNotes, type DescribeNotesOptions, describeNotes, type NoteSource } from './describe-notes.js';

export interface ScoringReferenceOptions extends DescribeNotesOptions {
  /** Bins for NDB, on `logSpectrogram` features with its defaults. If not given they are found on the reference notes. */
  readonly bins?: NdbBins | undefined;
  /** Number of bins to find. Default 50, or as many as there are reference notes for ten in each. */
  readonly k?: number | undefined;
  /** Restarts of the search for bins. Default 10. */
  readonly restarts?: number | undefined;
  /** Of the bins. Default 0. */
  readonly seed?: number | undefined;
}

const optionNames: OptionNames<ScoringReferenceOptions> = {
  classifier: true,
  batchSize: true,
  signal: true,
  onEvent: true,
  bins: true,
  k: true,
  restarts: true,
  seed: true,
};

/** Real notes, heard once and cut into bins, against which any number of sets can be scored. */
export interface ScoringReference {
  readonly notes: DescribedNotes;
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
  const { classifier, seed = 0, restarts = 10, signal } = options;
  const heard = await describeNotes(notes, 'reference', options);
  if (heard.count < 20)
    throw new TooFewExamplesError(`scoreNotes: expected at least 20 reference notes, found ${heard.count}.`, heard.count, 20);
  const k = options.k ?? Math.max(2, Math.min(50, Math.floor(heard.count / 10)));
  const bins = options.bins ?? (await ndbBins(heard.spectrograms, { k, seed, restarts, ...(signal && { signal }) }));
  return { notes: heard, bins, classifier: await classifier.hash() };
}
