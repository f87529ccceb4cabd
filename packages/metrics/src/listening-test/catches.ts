import { hertzOfPitch } from '@gansynth/common/note-name';
import { type RandomStream, randomStream } from '@gansynth/common/random';
import { checkedNumber } from '../note/audio.js';
import type { ListeningNote } from './pairs.js';

/** Two sounds whose right answer is known: who listens gives it, who clicks does not. */
export interface ListeningCatch {
  readonly id: string;
  readonly pitch: number;
  /** `neither`: one note, twice. `first`, `second`: that side is the {@link catchTone}, the other the same tone in noise. */
  readonly better: 'neither' | 'first' | 'second';
  /** The note that is heard twice; `null` where the catch tone is heard. */
  readonly note: { readonly model: string; readonly id: string } | null;
}

const kinds = ['first', 'neither', 'second', 'neither'] as const;

/** Half of them one note twice, half the catch tone beside its damaged self, on either side equally often. */
export function makeCatches(
  notes: readonly ListeningNote[],
  count: number,
  seed: number,
  deal: <T>(items: readonly T[], stream: RandomStream) => () => T,
): Omit<ListeningCatch, 'id'>[] {
  const stream = randomStream(seed, 'listening-test/catches');
  const sorted = [...notes].sort((a, b) => compare(a.model, b.model) || compare(a.id, b.id));
  const noteOf = deal(sorted, stream);
  const pitchOf = deal(
    [...new Set(notes.map(({ pitch }) => pitch))].sort((a, b) => a - b),
    stream,
  );
  return Array.from({ length: count }, (_, at) => {
    const better = kinds[at % kinds.length] ?? 'neither';
    if (better !== 'neither') return { pitch: pitchOf(), better, note: null };
    const { model, id, pitch } = noteOf();
    return { pitch, better, note: { model, id } };
  });
}

const compare = (a: string, b: string): number => (a < b ? -1 : a > b ? 1 : 0);

/** Whether the answer (-2 .. 2) is one that a listener gives: of the same note twice anything but "much better" will do. */
export const passesCatch = ({ better }: Pick<ListeningCatch, 'better'>, answer: number): boolean =>
  better === 'neither' ? Math.abs(answer) < 2 : better === 'first' ? answer < 0 : answer > 0;

export interface CatchToneOptions {
  /** MIDI. */
  readonly pitch: number;
  /** Hz */
  readonly sampleRate: number;
  readonly samples: number;
  /** As much white noise as tone. */
  readonly damaged: boolean;
}

/** A plucked harmonic tone, or the same tone in noise of the same power. @returns samples, full scale 1 */
export function catchTone({ pitch, sampleRate, samples, damaged }: CatchToneOptions): Float32Array<ArrayBuffer> {
  checkedNumber(sampleRate, 1, 1e6, 'catchTone', 'sampleRate');
  checkedNumber(samples, 1, 1e8, 'catchTone', 'samples');
  const hertz = hertzOfPitch(checkedNumber(pitch, 0, 127, 'catchTone', 'pitch'));
  const tone = new Float32Array(samples);
  const partials = Math.max(1, Math.min(12, Math.floor(sampleRate / 2 / hertz - 1e-9)));
  for (let n = 0; n < samples; n++) {
    const seconds = n / sampleRate;
    const envelope = Math.min(1, seconds / 0.01) * Math.exp(-1.2 * seconds) * Math.min(1, (samples - n) / (0.01 * sampleRate));
    let sum = 0;
    for (let k = 1; k <= partials; k++) sum += Math.sin(2 * Math.PI * k * hertz * seconds) / k;
    tone[n] = 0.2 * envelope * sum;
  }
  if (!damaged) return tone;
  const rms = Math.sqrt(tone.reduce((sum, value) => sum + value * value, 0) / samples);
  const noise = randomStream(0, 'listening-test/catch-tone').normalValues(samples);
  return tone.map((value, n) => Math.max(-1, Math.min(1, value + rms * (noise[n] ?? 0))));
}
