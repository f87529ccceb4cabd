import type { OptionNames } from '@gansynth/common/check-options';
import { checkOptions } from '../check-options.js';
import { getBackend } from '@tensorflow/tfjs-core';
import { checkedNumber, type Samples } from '../note/audio.js';
import type { AccumulatorState } from '../scores/accumulator.js';
import { diversity, type Diversity } from '../scores/diversity.js';
import { TooFewExamplesError } from '../errors.js';
import { frechetDistance, type FrechetDistance } from '../scores/frechet-distance.js';
import { inceptionScore, type InceptionScore } from '../scores/inception-score.js';
import { kernelDistance, type KernelDistance } from '../scores/kernel-distance.js';
import { logSpectrogram } from '../scores/log-spectrogram.js';
import { binAssigner, binsHash, type NdbBins, ndbBins } from '../scores/ndb/bins.js';
import { type Ndb, ndb } from '../scores/ndb/ndb.js';
import { type NoteQuality, noteQuality } from '../note/note-quality.js';
import { breathe } from '@gansynth/common/breathe';
import { type PitchAccuracy, pitchAccuracy } from '../scores/pitch-accuracy.js';
import { type PitchEntropy, pitchEntropy } from '../scores/pitch-entropy.js';
import type { PitchClassifier } from '../pitch-classifier/classifier.js';
import { hashRow } from '../numeric/row-hash.js';
import { type RowArray, rowsOf } from '../numeric/rows.js';
import { packageVersions } from './versions.js';
import { chooseRows, countChosen, resample, type ResampledScores, type ScoreChosen } from './resample.js';

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
  /** Of the bins, of the kernel distance's choice, and of resampling. Default 0. */
  readonly seed?: number;
  /** How often the scores are computed again from generated notes drawn with replacement, for intervals. Default 0. */
  readonly resamples?: number;
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
  resamples: true,
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
  /** Where `resamples` was given: what `basicInterval` takes. */
  readonly resampled?: ResampledScores;
}

/**
 * All scores of a set of notes against a reference set, in one call.
 *
 * @throws TooFewExamplesError with fewer than 20 reference or 3 generated notes
 */
export async function scoreNotes(options: ScoreNotesOptions): Promise<ScoreReport> {
  checkOptions('scoreNotes', options, scoreNotesOptionNames);

  const { reference, generated, classifier, seed = 0, batchSize = 32, signal, onEvent, restarts = 10, resamples = 0 } = options;
  checkedNumber(batchSize, 1, 1e5, 'scoreNotes', 'batchSize');
  checkedNumber(resamples, 0, 1e5, 'scoreNotes', 'resamples');
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
  const resampled =
    resamples === 0
      ? undefined
      : await resample(made.count, resampler(made, classifier, real.features, bins, different.toJSON()), {
          resamples,
          seed,
          signal,
        });
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
    ...(resampled && { resampled }),
  };
}

/** Scores chosen notes of a set, from what is known of each. */
function resampler(
  made: DescribedSet,
  { settings }: PitchClassifier,
  real: readonly RowArray[],
  bins: NdbBins,
  counted: AccumulatorState,
): ScoreChosen {
  const { input, outputs, lowestPitch } = settings;
  const classes = outputs.pitches;
  const features = stacked(made.features);
  const logits = stacked(made.logits);
  const binOf = binAssigner(bins)(made.spectrograms);
  const dimensions = features.shape[1]!;
  const reference = frechetDistance({ dimensions });
  for (const rows of real) reference.update({ reference: rows });
  const before = reference.toJSON();
  return (chosen) => {
    const frechet = frechetDistance({ dimensions }, before);
    frechet.update({ generated: chooseRows(features, chosen) });
    const rows = chooseRows(logits, chosen);
    const inception = inceptionScore({ classes });
    inception.update(rows);
    const accuracy = pitchAccuracy({ classes, lowestPitch });
    accuracy.update({ logits: rows, pitches: Array.from(chosen, (note) => made.pitches[note]!) });
    const entropy = pitchEntropy({ classes });
    entropy.update(rows);
    const quality = noteQuality({ sampleRate: input.sampleRate });
    for (const note of chosen) quality.merge(made.qualities[note]!);
    const { within50Cents, harmonicEnergy, lastingRepetition } = quality.compute();
    return {
      ndbOverK: ndb({ bins }, countChosen(counted, binOf, chosen)).compute().ndbOverK,
      frechetDistance: frechet.compute().distance,
      inceptionScore: inception.compute().score,
      pitchAccuracy: accuracy.compute().strict,
      pitchEntropy: entropy.compute().entropy,
      within50Cents,
      harmonicEnergy,
      lastingRepetition,
    };
  };
}

/** Batches of rows as one. */
function stacked(batches: readonly RowArray[]): RowArray {
  const columns = batches[0]!.shape[1]!;
  const data = new Float32Array(batches.reduce((sum, { shape }) => sum + shape[0]! * columns, 0));
  let at = 0;
  for (const rows of batches) {
    data.set(rows.data, at);
    at += rows.data.length;
  }
  return { data, shape: [data.length / columns, columns] };
}

interface DescribedSet {
  readonly count: number;
  readonly scores: SetScores;
  readonly pitches: readonly number[];
  readonly features: readonly RowArray[];
  readonly logits: readonly RowArray[];
  /** Of each note by itself. */
  readonly qualities: readonly AccumulatorState[];
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
  const allLogits: RowArray[] = [];
  const allPitches: number[] = [];
  const qualities: AccumulatorState[] = [];
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
    for (const note of batch) {
      const alone = noteQuality({ sampleRate });
      alone.update([note]);
      score.quality.merge(alone);
      qualities.push(alone.toJSON());
    }
    spread ??= diversity({ dimensions: layer.shape[1]! });
    spread.update({ features: layer, pitches });
    features.push(layer);
    allLogits.push(logits);
    allPitches.push(...pitches);
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
    pitches: allPitches,
    features,
    logits: allLogits,
    qualities,
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
