import { readSound } from '@gansynth/nsynth-data';
import type { Voice } from '@gansynth/voice';
import { existsSync, readdirSync } from 'node:fs';
import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import { pitchFileName, pitchName } from '../app/values.js';
import type { DrawnNote } from '../figures/of-notes.js';
import { spread } from '../pipeline/note-sources.js';
import { writeSound } from '../pipeline/pictures.js';
import type { Scoring } from '../pipeline/scoring.js';

/** How many notes of a row lie beside the page. */
const soundsKept = 4;

/** Keeps a few notes of a model: one latent at pitches spread over its range. */
export async function keepModelSounds(voice: Voice, seed: number, folder: string, signal: AbortSignal): Promise<void> {
  const pitches = spread(voice.pitches, soundsKept);
  const [latent] = voice.draw(1, seed);
  let at = 0;
  for await (const audio of voice.notes(pitches, { latent: latent!, signal }))
    await keepSound(folder, pitches[at++]!, audio, voice.sampleRate);
}

/** Whether all notes that {@link keepModelSounds} keeps are there. */
export const soundsAreKept = (folder: string): boolean => wavesIn(folder).length >= soundsKept;

const wavesIn = (folder: string): string[] =>
  existsSync(folder)
    ? readdirSync(folder)
        .filter((file) => file.endsWith('.wav'))
        .sort()
    : [];

/** Keeps a few real notes, at pitches spread over theirs: where each pitch is there, those that models are kept at. */
export async function keepRealSounds({ pitches, realNote }: Scoring, sampleRate: number, folder: string): Promise<void> {
  const each = [...new Set(pitches)].sort((a, b) => a - b);
  const wanted = spread(each, soundsKept);
  for (const pitch of wanted) {
    const { audio } = await realNote(pitches.indexOf(pitch));
    await keepSound(folder, pitch, Float32Array.from(audio), sampleRate);
  }
  // Of other notes, where a folder is of an earlier version.
  const names = new Set(wanted.map(soundName));
  for (const name of wavesIn(folder).map((file) => file.slice(0, -'.wav'.length)))
    if (!names.has(name)) for (const ending of ['wav', 'png']) await rm(join(folder, `${name}.${ending}`), { force: true });
}

const soundName = (pitch: number): string => `${String(pitch).padStart(3, '0')}-${pitchFileName(pitch)}`;

async function keepSound(folder: string, pitch: number, audio: Float32Array, sampleRate: number): Promise<void> {
  await writeSound(join(folder, soundName(pitch)), audio, sampleRate);
}

/** The second-lowest of the notes kept, to be drawn; `undefined` where there are none. */
export async function keptSound(name: string, folder: string): Promise<DrawnNote | undefined> {
  const files = wavesIn(folder);
  const file = files[1] ?? files[0];
  if (file === undefined) return undefined;
  const { samples, sampleRate } = await readSound(join(folder, file));
  const pitch = Number.parseInt(file, 10);
  return { name: `${name}, ${pitchName(pitch)}`, audio: samples, sampleRate, pitch };
}
