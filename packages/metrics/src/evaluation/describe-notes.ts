import { breathe } from '@gansynth/common/breathe';
import { TooFewExamplesError } from '../errors.js';
import { checkedNumber, type Samples } from '../note/audio.js';
import { type NoteQuality, noteQuality } from '../note/note-quality.js';
import { hashRow } from '../numeric/row-hash.js';
import { type RowArray, rowsOf } from '../numeric/rows.js';
import type { PitchClassifier } from '../pitch-classifier/classifier.js';
import type { AccumulatorState } from '../scores/accumulator.js';
import { diversity, type Diversity } from '../scores/diversity.js';
import { inceptionScore, type InceptionScore } from '../scores/inception-score.js';
import { logSpectrogram } from '../scores/log-spectrogram.js';
import { type PitchAccuracy, pitchAccuracy } from '../scores/pitch-accuracy.js';
import { type PitchEntropy, pitchEntropy } from '../scores/pitch-entropy.js';

/** A note to be scored: mono, at the classifier's sample rate, with the pitch it was asked to have. */
export interface ScoredNote {
  readonly audio: Samples;
  readonly pitch: number;
}

/** Notes one by one, as long as they come; read once. */
export type NoteSource = Iterable<ScoredNote> | AsyncIterable<ScoredNote>;

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

export interface DescribeNotesOptions {
  readonly classifier: PitchClassifier;
  /** Notes that go through the classifier at once. Default 32. */
  readonly batchSize?: number | undefined;
  readonly signal?: AbortSignal | undefined;
  readonly onEvent?: ((event: ScoreNotesEvent) => void) | undefined;
}

/** What is known of a set of notes once each of them was heard: all that scores are computed from. */
export interface DescribedNotes {
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

/** Hears a set of notes, once. @throws TooFewExamplesError for none */
export async function describeNotes(
  notes: NoteSource,
  kind: ScoreNotesEvent['kind'],
  { classifier, batchSize = 32, signal, onEvent }: DescribeNotesOptions,
): Promise<DescribedNotes> {
  checkedNumber(batchSize, 1, 1e5, 'scoreNotes', 'batchSize');
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
