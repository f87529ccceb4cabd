import type { OptionNames } from '@gansynth/common/check-options';
import { checkOptions } from '../check-options.js';
import { getBackend } from '@tensorflow/tfjs-core';
import { checkedNumber, type Samples } from '../note/audio.js';
import { diversity, type Diversity } from '../scores/diversity.js';
import { TooFewExamplesError } from '../errors.js';
import { frechetDistance, type FrechetDistance } from '../scores/frechet-distance.js';
import { inceptionScore, type InceptionScore } from '../scores/inception-score.js';
import { kernelDistance, type KernelDistance } from '../scores/kernel-distance.js';
import { logSpectrogram } from '../scores/log-spectrogram.js';
import { binsHash, type NdbBins, ndbBins } from '../scores/ndb/bins.js';
import { type Ndb, ndb } from '../scores/ndb/ndb.js';
import { type NoteQuality, noteQuality } from '../note/note-quality.js';
import { breathe } from '@gansynth/common/breathe';
import { type PitchAccuracy, pitchAccuracy } from '../scores/pitch-accuracy.js';
import { type PitchEntropy, pitchEntropy } from '../scores/pitch-entropy.js';
import type { PitchClassifier } from '../pitch-classifier/classifier.js';
import { hashRow } from '../numeric/row-hash.js';
import { type RowArray, rowsOf } from '../numeric/rows.js';
import { packageVersions } from './versions.js';

/** A note to be scored: mono, at the classifier's sample rate, with the pitch it was asked to have. */
export interface ScoredNote {
  readonly audio: Samples;
  readonly pitch: number;
}

/** Notes one by one, as long as they come; read once. */
export type NoteSource = Iterable<ScoredNote> | AsyncIterable<ScoredNote>;

export interface ScoreNotesOptions {
  /** Real notes. */
  readonly reference: NoteSource;
  /** Notes of the model. */
  readonly generated: NoteSource;
  readonly classifier: PitchClassifier;
  /** Bins for NDB, on `logSpectrogram` features with its defaults. If not given they are found on the reference notes. */
  readonly bins?: NdbBins;
  /** Number of bins to find. Default 50, or as many as there are reference notes for ten in each. */
  readonly k?: number;
  /** Restarts of the search for bins. Default 10. */
  readonly restarts?: number;
  /** Of the bins and of the kernel distance's choice. Default 0. */
  readonly seed?: number;
  /** Notes that go through the classifier at once. Default 32. */
  readonly batchSize?: number;
  readonly signal?: AbortSignal;
  readonly onEvent?: (event: ScoreNotesEvent) => void;
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
  batchSize: true,
  signal: true,
  onEvent: true,
};

export interface ScoreNotesEvent {
  readonly kind: 'reference' | 'generated';
  /** Notes done. */
  readonly notes: number;
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
}

/**
 * All scores of a set of notes against a reference set, in one call.
 *
 * @throws TooFewExamplesError with fewer than 20 reference or 3 generated notes
 */
export async function scoreNotes(options: ScoreNotesOptions): Promise<ScoreReport> {
  checkOptions('scoreNotes', options, scoreNotesOptionNames);

  const { reference, generated, classifier, seed = 0, batchSize = 32, signal, onEvent, restarts = 10 } = options;
  checkedNumber(batchSize, 1, 1e5, 'scoreNotes', 'batchSize');
  const { sampleRate } = classifier.settings.input;
  const real = await describeSet(reference, 'reference', classifier, batchSize, signal, onEvent);
  if (real.count < 20) {
    throw new TooFewExamplesError(`scoreNotes: expected at least 20 reference notes, found ${real.count}.`, real.count, 20);
  }
  const k = options.k ?? Math.max(2, Math.min(50, Math.floor(real.count / 10)));
  const bins = options.bins ?? (await ndbBins(real.spectrograms, { k, seed, restarts, ...(signal && { signal }) }));
  const made = await describeSet(generated, 'generated', classifier, batchSize, signal, onEvent);
  if (made.count < 3) {
    throw new TooFewExamplesError(`scoreNotes: expected at least 3 generated notes, found ${made.count}.`, made.count, 3);
  }
  const dimensions = real.features[0]!.shape[1]!;
  const frechet = frechetDistance({ dimensions });
  const kernel = kernelDistance({ dimensions, seed });
  for (const features of real.features) for (const one of [frechet, kernel]) one.update({ reference: features });
  for (const features of made.features) for (const one of [frechet, kernel]) one.update({ generated: features });
  const different = ndb({ bins });
  different.update({ reference: real.spectrograms, generated: made.spectrograms });
  return {
    kind: 'gansynth-scores',
    format: 1,
    conditions: {
      classifier: await classifier.hash(),
      bins: binsHash(bins),
      reference: real.fingerprint,
      referenceCount: real.count,
      generatedCount: made.count,
      seed,
      sampleRate,
      versions: packageVersions(),
    },
    backend: getBackend(),
    frechetDistance: frechet.compute(),
    kernelDistance: kernel.compute(),
    ndb: different.compute(),
    generated: made.scores,
    reference: real.scores,
  };
}

interface DescribedSet {
  readonly count: number;
  readonly scores: SetScores;
  readonly features: readonly RowArray[];
  readonly spectrograms: RowArray;
  readonly fingerprint: string;
}

async function describeSet(
  notes: NoteSource,
  kind: ScoreNotesEvent['kind'],
  classifier: PitchClassifier,
  batchSize: number,
  signal: AbortSignal | undefined,
  onEvent: ScoreNotesOptions['onEvent'],
): Promise<DescribedSet> {
  const { input, outputs, lowestPitch } = classifier.settings;
  const { sampleRate } = input;
  const classes = outputs.pitches;
  const score = {
    inception: inceptionScore({ classes }),
    accuracy: pitchAccuracy({ classes, lowestPitch }),
    entropy: pitchEntropy({ classes }),
    quality: noteQuality({ sampleRate }),
  };
  const features: RowArray[] = [];
  const spectrograms: Float32Array[] = [];
  let spread: ReturnType<typeof diversity> | undefined;
  let fingerprint = 0;
  let count = 0;
  const finish = async (batch: readonly ScoredNote[]): Promise<void> => {
    if (batch.length === 0) return;
    await breathe(signal);
    const pitches = batch.map(({ pitch }) => pitch);
    const tensors = classifier.classify(batch.map(({ audio }) => audio));
    const [logits, layer] = await Promise.all([rowsOf(tensors.logits), rowsOf(tensors.features)]);
    tensors.logits.dispose();
    tensors.features.dispose();
    score.accuracy.update({ logits, pitches });
    score.inception.update(logits);
    score.entropy.update(logits);
    score.quality.update(batch);
    spread ??= diversity({ dimensions: layer.shape[1]! });
    spread.update({ features: layer, pitches });
    features.push(layer);
    for (const { audio, pitch } of batch) {
      spectrograms.push(logSpectrogram(audio, { sampleRate }));
      // A sum does not depend on the order.
      fingerprint = (fingerprint + hashRow(audio, 0, audio.length, pitch)) % 2 ** 48;
    }
    count += batch.length;
    onEvent?.({ kind, notes: count });
  };
  let batch: ScoredNote[] = [];
  for await (const note of notes) {
    batch.push(note);
    if (batch.length === batchSize) {
      await finish(batch);
      batch = [];
    }
  }
  await finish(batch);
  if (count === 0) throw new TooFewExamplesError(`scoreNotes: expected ${kind} notes, found none.`, 0, 1);
  const width = spectrograms[0]!.length;
  const data = new Float32Array(count * width);
  for (const [i, row] of spectrograms.entries()) data.set(row, i * width);
  return {
    count,
    features,
    spectrograms: { data, shape: [count, width] },
    fingerprint: fingerprint.toString(16).padStart(12, '0'),
    scores: {
      inceptionScore: score.inception.compute(),
      pitchAccuracy: score.accuracy.compute(),
      pitchEntropy: score.entropy.compute(),
      quality: score.quality.compute(),
      diversity: spread ? diversityOf(spread) : null,
    },
  };
}

function diversityOf(spread: ReturnType<typeof diversity>): Diversity | null {
  try {
    return spread.compute();
  } catch (error) {
    if (TooFewExamplesError.isInstance(error)) return null;
    throw error;
  }
}
