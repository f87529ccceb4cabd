import { breathe } from '@gansynth/common/breathe';
import type { OptionNames } from '@gansynth/common/check-options';
import { getBackend } from '@tensorflow/tfjs-core';
import { checkOptions } from '../check-options.js';
import { TooFewExamplesError } from '../errors.js';
import { checkedCount, type Samples } from '../note/audio.js';
import { qualityRow } from '../note/note-quality.js';
import { hashRow } from '../numeric/row-hash.js';
import { matrixOf, rowsOf } from '../numeric/rows.js';
import type { PitchClassifier } from '../pitch-classifier/classifier.js';
import { logSpectrogram } from '../scores/log-spectrogram.js';
import { pitchAccuracy } from '../scores/pitch-accuracy.js';
import { addFingerprints, floats, type HeardNotes, type NoteRows, writtenFingerprint } from './heard-notes.js';

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

export interface HearNotesOptions {
  readonly classifier: PitchClassifier;
  /** Notes that go through the classifier at once. Default 32. */
  readonly batchSize?: number | undefined;
  readonly signal?: AbortSignal | undefined;
  readonly onEvent?: ((event: ScoreNotesEvent) => void) | undefined;
  /** For the events. Default `generated`. */
  readonly kind?: ScoreNotesEvent['kind'] | undefined;
}

const optionNames: OptionNames<HearNotesOptions> = {
  classifier: true,
  batchSize: true,
  signal: true,
  onEvent: true,
  kind: true,
};

/** Rows that come batch by batch, as one array in the end. */
class Gathered {
  readonly #parts: ArrayLike<number>[] = [];
  #length = 0;

  add(part: ArrayLike<number>): void {
    this.#parts.push(part);
    this.#length += part.length;
  }

  rows<Data extends Float32Array | Float64Array>(count: number, make: (length: number) => Data): NoteRows<Data> {
    const data = make(this.#length);
    let at = 0;
    for (const part of this.#parts) {
      data.set(part, at);
      at += part.length;
    }
    return { data, shape: [count, this.#length / count] };
  }
}

/**
 * Hears a set of notes, or a part of one, once. Sets that were heard are scored by `scoreHeardNotes`, as often as one likes.
 *
 * @throws TooFewExamplesError for none
 */
export async function hearNotes(notes: NoteSource, options: HearNotesOptions): Promise<HeardNotes> {
  checkOptions('hearNotes', options, optionNames);
  const { classifier, batchSize = 32, signal, onEvent, kind = 'generated' } = options;
  checkedCount(batchSize, 1, 1e5, 'hearNotes', 'batchSize');
  const { input, outputs, lowestPitch } = classifier.settings;
  const { sampleRate } = input;
  const [features, logits, qualities, spectrograms] = [new Gathered(), new Gathered(), new Gathered(), new Gathered()];
  const pitches: number[] = [];
  let fingerprint = 0;
  const finish = async (batch: readonly ScoredNote[]): Promise<void> => {
    if (batch.length === 0) return;
    await breathe(signal);
    const tensors = classifier.classify(batch.map(({ audio }) => audio));
    const [said, layer] = await Promise.all([rowsOf(tensors.logits), rowsOf(tensors.features)]);
    tensors.logits.dispose();
    tensors.features.dispose();
    // What cannot be scored is refused here, and not when all have been heard.
    pitchAccuracy({ classes: outputs.pitches, lowestPitch }).update({ logits: said, pitches: batch.map(({ pitch }) => pitch) });
    matrixOf(layer, 'scoreNotes: features');
    features.add(layer.data);
    logits.add(said.data);
    for (const { audio, pitch } of batch) {
      qualities.add(qualityRow({ audio, pitch }, { sampleRate }));
      spectrograms.add(logSpectrogram(audio, { sampleRate }));
      pitches.push(pitch);
      fingerprint = addFingerprints(fingerprint, hashRow(audio, 0, audio.length, pitch));
    }
    onEvent?.({ kind, notes: pitches.length });
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
  const count = pitches.length;
  if (count === 0) throw new TooFewExamplesError(`scoreNotes: expected ${kind} notes, found none.`, 0, 1);
  return {
    classifier: await classifier.hash(),
    backend: getBackend(),
    sampleRate,
    lowestPitch,
    pitches: Int32Array.from(pitches),
    features: features.rows(count, floats),
    logits: logits.rows(count, floats),
    qualities: qualities.rows(count, (length) => new Float64Array(length)),
    spectrograms: spectrograms.rows(count, floats),
    fingerprint: writtenFingerprint(fingerprint),
  };
}
