import type { OptionNames } from '@gansynth/common/check-options';
import { getBackend } from '@tensorflow/tfjs-core';
import { checkOptions } from '../check-options.js';
import { NotComparableError, TooFewExamplesError, ValueError } from '../errors.js';
import { checkedCount } from '../note/audio.js';
import { frechetDistance, type FrechetDistance } from '../scores/frechet-distance.js';
import { kernelDistance, type KernelDistance } from '../scores/kernel-distance.js';
import { binsHash } from '../scores/ndb/bins.js';
import { type Ndb, ndb } from '../scores/ndb/ndb.js';
import { describeNotes, type NoteSource, type SetScores } from './describe-notes.js';
import { resample, type ResampledScores } from './resample.js';
import { scoreChosenOf } from './score-chosen.js';
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
  /** Where `resamples` was given: what `basicInterval` takes. */
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
  throw new NotComparableError(
    `scoreNotes: expected a reference that classifier ${classifier} has heard, found one of ${reference.classifier}.`,
    [`classifier: ${classifier} and ${reference.classifier}`],
  );
}

/**
 * All scores of a set of notes against a reference set, in one call.
 *
 * @throws TooFewExamplesError with fewer than 20 reference or 3 generated notes; ValueError, NotComparableError for a prepared reference that
 * does not fit
 */
export async function scoreNotes(options: ScoreNotesOptions): Promise<ScoreReport> {
  checkOptions('scoreNotes', options, scoreNotesOptionNames);
  const { classifier, seed = 0, signal, resamples = 0 } = options;
  checkedCount(resamples, 0, 1e5, 'scoreNotes', 'resamples');
  const { notes: real, bins, classifier: hash } = await referenceOf(options);
  const made = await describeNotes(options.generated, 'generated', options);
  if (made.count < 3)
    throw new TooFewExamplesError(`scoreNotes: expected at least 3 generated notes, found ${made.count}.`, made.count, 3);
  const dimensions = real.features[0]!.shape[1]!;
  const frechet = frechetDistance({ dimensions });
  const kernel = kernelDistance({ dimensions, seed });
  const different = ndb({ bins });
  for (const features of real.features) for (const one of [frechet, kernel]) one.update({ reference: features });
  different.update({ reference: real.spectrograms });
  const { settings } = classifier;
  const reference = { frechetDistance: frechet.toJSON(), ndb: different.toJSON() };
  const resampled =
    resamples > 0 &&
    (await resample(made.count, scoreChosenOf({ made, settings, bins, reference }), { resamples, seed, signal }));
  for (const features of made.features) for (const one of [frechet, kernel]) one.update({ generated: features });
  different.update({ generated: made.spectrograms });
  return {
    kind: 'gansynth-scores',
    format: 1,
    conditions: {
      classifier: hash,
      bins: binsHash(bins),
      reference: real.fingerprint,
      referenceCount: real.count,
      generatedCount: made.count,
      seed,
      sampleRate: settings.input.sampleRate,
      versions: packageVersions(),
    },
    backend: getBackend(),
    frechetDistance: frechet.compute(),
    kernelDistance: kernel.compute(),
    ndb: different.compute(),
    generated: made.scores,
    reference: real.scores,
    ...(resampled && { resampled }),
  };
}
