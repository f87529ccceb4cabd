import type { OptionNames } from '@gansynth/common/check-options';
import { checkOptions } from '../check-options.js';
import { NotComparableError, TooFewExamplesError, ValueError } from '../errors.js';
import { checkedCount } from '../note/audio.js';
import { frechetDistance, type FrechetDistance } from '../scores/frechet-distance.js';
import { kernelDistance, type KernelDistance } from '../scores/kernel-distance.js';
import { binsHash } from '../scores/ndb/bins.js';
import { type Ndb, ndb } from '../scores/ndb/ndb.js';
import { hearNotes, type NoteSource } from './hear-notes.js';
import type { HeardNotes, SetScores } from './heard-notes.js';
import { resample, type ResampledScores } from './resample.js';
import { scoreChosenOf } from './score-chosen.js';
import { setScoresOf } from './set-scores.js';
import { type ScoringReference, scoringReference, type ScoringReferenceOptions } from './scoring-reference.js';
import { packageVersions } from './versions.js';

export interface ScoreNotesOptions extends ScoringReferenceOptions {
  /** Real notes; where several sets are scored against them, what `scoringReference` made of them. */
  readonly reference: NoteSource | ScoringReference;
  /** Notes of the model. */
  readonly generated: NoteSource;
  /** Of the bins, of the kernel distance's choice, and of resampling. Default 0. */
  readonly seed?: number | undefined;
  /** How often the scores are computed again from generated notes drawn with replacement, for intervals. Default 0. */
  readonly resamples?: number | undefined;
}

/** Their names, each once. */
export const scoreNotesOptionNames: OptionNames<ScoreNotesOptions> = {
  reference: true,
  generated: true,
  classifier: true,
  bins: true,
  k: true,
  restarts: true,
  seed: true,
  resamples: true,
  batchSize: true,
  signal: true,
  onEvent: true,
};

/** Everything two reports must share before their numbers may be put side by side. */
export interface ScoreConditions {
  readonly classifier: string;
  readonly bins: string;
  /** Order-independent fingerprint of the reference notes, and their number. */
  readonly reference: string;
  readonly referenceCount: number;
  /** Fréchet and inception scores depend on the number of notes. */
  readonly generatedCount: number;
  readonly seed: number;
  readonly sampleRate: number;
  readonly versions: Readonly<Record<string, string>>;
}

/** Plain JSON. */
export interface ScoreReport {
  readonly kind: 'gansynth-scores';
  readonly format: 1;
  readonly conditions: ScoreConditions;
  /** Where the classifier ran; float32 rounding differs a little between backends. */
  readonly backend: string;
  readonly frechetDistance: FrechetDistance;
  readonly kernelDistance: KernelDistance;
  readonly ndb: Ndb;
  readonly generated: SetScores;
  /** The same of the reference notes: what a perfect model would get. */
  readonly reference: SetScores;
  /** Where `resamples` was given: what `bootstrapInterval` takes. */
  readonly resampled?: ResampledScores;
}

const isPrepared = (reference: ScoreNotesOptions['reference']): reference is ScoringReference => 'notes' in reference;

/** @throws ValueError for settings that a prepared reference has already; NotComparableError for one of another classifier */
async function referenceOf(options: ScoreNotesOptions): Promise<ScoringReference> {
  const { reference, generated: _generated, resamples: _resamples, ...how } = options;
  if (!isPrepared(reference)) return scoringReference(reference, how);
  for (const name of ['bins', 'k', 'restarts'] as const) {
    if (options[name] !== undefined)
      throw new ValueError(`scoreNotes: expected ${name} to be given to scoringReference, found it here. Leave it out.`, name);
  }
  const classifier = await options.classifier.hash();
  if (classifier === reference.classifier) return reference;
  throw otherClassifier(classifier, reference.classifier);
}

const otherClassifier = (wanted: string, found: string): NotComparableError =>
  new NotComparableError(`scoreNotes: expected a reference that classifier ${wanted} has heard, found one of ${found}.`, [
    `classifier: ${wanted} and ${found}`,
  ]);

/**
 * All scores of a set of notes against a reference set, in one call.
 *
 * @throws TooFewExamplesError with fewer than 20 reference or 3 generated notes; ValueError, NotComparableError for a prepared reference that
 * does not fit
 */
export async function scoreNotes(options: ScoreNotesOptions): Promise<ScoreReport> {
  checkOptions('scoreNotes', options, scoreNotesOptionNames);
  const { classifier, batchSize, onEvent, seed, signal, resamples = 0 } = options;
  checkedCount(resamples, 0, 1e5, 'scoreNotes', 'resamples');
  const reference = await referenceOf(options);
  const generated = await hearNotes(options.generated, { classifier, batchSize, signal, onEvent });
  return scoreHeardNotes({ reference, generated, seed, signal, resamples });
}

export interface ScoreHeardNotesOptions extends Pick<ScoreNotesOptions, 'seed' | 'resamples' | 'signal'> {
  readonly reference: ScoringReference;
  readonly generated: HeardNotes;
}

const heardOptionNames: OptionNames<ScoreHeardNotesOptions> = {
  reference: true,
  generated: true,
  seed: true,
  resamples: true,
  signal: true,
};

/**
 * What `scoreNotes` gives, of notes that were heard before, here or elsewhere.
 *
 * @throws TooFewExamplesError with fewer than 3 generated notes; NotComparableError where another classifier has heard the reference
 */
export async function scoreHeardNotes(options: ScoreHeardNotesOptions): Promise<ScoreReport> {
  checkOptions('scoreHeardNotes', options, heardOptionNames);
  const { reference, generated: made, seed = 0, resamples = 0, signal } = options;
  checkedCount(resamples, 0, 1e5, 'scoreNotes', 'resamples');
  const { notes: real, bins, classifier } = reference;
  if (made.classifier !== classifier) throw otherClassifier(made.classifier, classifier);
  const count = made.pitches.length;
  if (count < 3) throw new TooFewExamplesError(`scoreNotes: expected at least 3 generated notes, found ${count}.`, count, 3);
  const dimensions = real.features.shape[1];
  const frechet = frechetDistance({ dimensions });
  const kernel = kernelDistance({ dimensions, seed });
  const different = ndb({ bins });
  for (const one of [frechet, kernel]) one.update({ reference: real.features });
  different.update({ reference: real.spectrograms });
  const before = { frechetDistance: frechet.toJSON(), ndb: different.toJSON() };
  const resampled =
    resamples > 0 && (await resample(count, scoreChosenOf({ made, bins, reference: before }), { resamples, seed, signal }));
  for (const one of [frechet, kernel]) one.update({ generated: made.features });
  different.update({ generated: made.spectrograms });
  return {
    kind: 'gansynth-scores',
    format: 1,
    conditions: {
      classifier,
      bins: binsHash(bins),
      reference: real.fingerprint,
      referenceCount: real.pitches.length,
      generatedCount: count,
      seed,
      sampleRate: made.sampleRate,
      versions: packageVersions(),
    },
    backend: made.backend,
    frechetDistance: frechet.compute(),
    kernelDistance: kernel.compute(),
    ndb: different.compute(),
    generated: setScoresOf(made),
    reference: reference.scores,
    ...(resampled && { resampled }),
  };
}
