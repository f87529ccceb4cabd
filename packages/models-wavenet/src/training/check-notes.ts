import type { WaveNetConfig } from '../config/wavenet-config.js';
import { ArgumentError } from '../errors.js';
import type { NoteBatch } from './note-source.js';

/** @throws ArgumentError if a batch is not what was asked for: wrong lengths, labels that are no class indices, values that are no samples */
export function checkNotes(
  { audio, labels }: NoteBatch,
  batchSize: number,
  samples: number,
  { conditioning }: WaveNetConfig,
): void {
  if (audio.length !== batchSize || labels.length !== batchSize)
    fail(`${batchSize} notes and as many labels, found ${audio.length} notes and ${labels.length} labels.`, audio.length);
  for (const [index, sound] of audio.entries()) {
    if (sound.length !== samples)
      fail(`notes of ${samples} samples, found one of ${sound.length}. Cut or pad them to the network's length.`, sound.length);
    const wrong = sound.find((sample) => !(Math.abs(sample) <= loudest));
    if (wrong !== undefined) fail(`samples in [-1, 1], found ${wrong} in note ${index} of the batch.`, wrong);
  }
  if (conditioning.kind !== 'pitch') return;
  const unknown = labels.find((label) => label < -1 || label >= conditioning.pitches.length);
  if (unknown !== undefined)
    fail(
      `labels that are positions in the network's ${conditioning.pitches.length} pitches (or -1 for none), found ${unknown}. ` +
        'Give the class index, not the MIDI pitch.',
      unknown,
    );
}

/** Resampled sounds overshoot a little; what does is taken as full scale. */
const loudest = 2;

function fail(expected: string, value: unknown): never {
  throw new ArgumentError('note source', `expected ${expected}`, value);
}
