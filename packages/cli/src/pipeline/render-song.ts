import { pathTimes } from '@gansynth/models-gan';
import { noteLatents } from '../midi/instruments.js';
import { createMixer } from '../midi/mix.js';
import type { ScoreNote } from '../midi/read.js';
import type { Voice } from './voice.js';

export interface SongOptions {
  /** Timbres at points in time. */
  readonly latents: readonly Float32Array[];
  /** Seconds, ascending, as many as latents. */
  readonly times: readonly number[];
  readonly peak?: 'signed' | 'absolute' | undefined;
  /** Seconds that the song may last; default: two hours. */
  readonly atMost?: number | undefined;
  readonly signal?: AbortSignal | undefined;
  readonly onNote?: (done: number) => void;
}

/** A score sung by a model whose timbre moves along a path through its latent space. */
export async function renderSong(voice: Voice, notes: readonly ScoreNote[], options: SongOptions): Promise<Float32Array> {
  const { sampleRate, representation } = voice;
  const longest = Math.min(3, representation.samples / sampleRate);
  const mixer = createMixer(notes, {
    sampleRate,
    longest,
    ...(options.peak === undefined ? {} : { peak: options.peak }),
    ...(options.atMost === undefined ? {} : { atMost: options.atMost }),
  });
  const latents = noteLatents(notes, options);
  const pitches = notes.map(({ pitch }) => pitch);
  let done = 0;
  for await (const audio of voice.render(latents, pitches, options.signal === undefined ? {} : { signal: options.signal })) {
    mixer.add(notes[done++] as ScoreNote, audio);
    options.onNote?.(done);
  }
  return mixer.finish();
}

/** Random timbres, evenly spaced over a score. */
export function randomInstruments(
  voice: Voice,
  notes: readonly ScoreNote[],
  count: number,
  seed: number,
): Pick<SongOptions, 'latents' | 'times'> {
  return {
    latents: voice.draw(count, seed),
    times: pathTimes(count, notes.at(-1)?.end ?? 0),
  };
}
