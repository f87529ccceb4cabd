import { replaceFile } from '@gansynth/common/node';
import type { ScoredNote } from '@gansynth/metrics';
import { readSound } from '@gansynth/nsynth-data';
import type { Voice } from '@gansynth/voice';
import { existsSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { pitchFileName } from '../app/values.js';
import { writeWav } from '../audio/write-wav.js';
import type { DrawnNote } from '../figures/of-notes.js';
import { encodePng, rainbowgramOf } from '../pipeline/pictures.js';

/** How many notes of a row lie beside the page. */
const soundsKept = 4;

/** Pitches spread over a range. */
const shownPitches = (pitches: readonly number[]): number[] =>
  Array.from({ length: soundsKept }, (_, i) => pitches[Math.round((i * (pitches.length - 1)) / (soundsKept - 1))]!);

/** Keeps a few notes of a model: one latent at pitches spread over its range. */
export async function keepModelSounds(voice: Voice, seed: number, folder: string, signal: AbortSignal): Promise<void> {
  const pitches = shownPitches(voice.pitches);
  const [latent] = voice.draw(1, seed);
  let at = 0;
  for await (const audio of voice.notes(pitches, { latent: latent!, signal }))
    await keepSound(folder, pitches[at++]!, audio, voice.sampleRate);
}

/** Keeps a few real notes, at pitches spread over theirs. */
export async function keepRealSounds(notes: readonly ScoredNote[], sampleRate: number, folder: string): Promise<void> {
  const sorted = notes.toSorted((a, b) => a.pitch - b.pitch);
  for (const at of shownPitches(sorted.map((_, i) => i))) {
    const { audio, pitch } = sorted[at]!;
    await keepSound(folder, pitch, Float32Array.from(audio), sampleRate);
  }
}

async function keepSound(folder: string, pitch: number, audio: Float32Array, sampleRate: number): Promise<void> {
  const name = join(folder, `${String(pitch).padStart(3, '0')}-${pitchFileName(pitch)}`);
  await writeWav(`${name}.wav`, audio, sampleRate);
  await replaceFile(`${name}.png`, encodePng(await rainbowgramOf(audio, sampleRate)));
}

/** The second-lowest of the notes kept, to be drawn; `undefined` where there are none. */
export async function keptSound(name: string, folder: string): Promise<DrawnNote | undefined> {
  if (!existsSync(folder)) return undefined;
  const files = readdirSync(folder)
    .filter((file) => file.endsWith('.wav'))
    .sort();
  const file = files[1] ?? files[0];
  if (file === undefined) return undefined;
  const { samples, sampleRate } = await readSound(join(folder, file));
  return { name, audio: samples, sampleRate, pitch: Number.parseInt(file, 10) };
}
