import { checkOptions } from '../check-options.js';
import ndarray from 'ndarray';
import { toMetadata } from '../notes/labels.js';
import type { Note } from '../notes/note.js';
import { writeJsonWav } from '../formats/write-json-wav.js';
import { playedNotes } from './played-notes.js';
import { type SoundFontOptions, soundFontOptionNames, type SoundFontProgress } from './sound-font-options.js';

/**
 * Notes of a bank of a SoundFont, one after the other: programs x pitches x velocities, mono, without reverb or chorus. Notes that stay silent,
 * for instance outside an instrument's range, are left out.
 *
 * @param path an .sf2 or .sf3 file
 */
export async function* soundFontNotes(
  path: string,
  options: SoundFontOptions = {},
): AsyncGenerator<Pick<Note, 'audio' | 'metadata'>> {
  checkOptions('soundFontNotes', options, soundFontOptionNames);
  let note = 0;
  for await (const { sound } of playedNotes(path, options))
    if (sound !== undefined) yield { audio: ndarray(sound.audio), metadata: toMetadata({ ...sound.labels, note: note++ }) };
}

/**
 * Renders a SoundFont into an NSynth-format folder, to train on without a download.
 *
 * @param path an .sf2 or .sf3 file
 * @param options.to folder to be made; must not hold a collection yet
 * @returns notes written, notes left out because they were silent, and the bank they are of; where no note was written nothing is left
 */
export async function renderSoundFont(
  path: string,
  { to, ...options }: SoundFontOptions & { readonly to: string },
): Promise<{ readonly notes: number; readonly silent: number; readonly bank: number }> {
  let [silent, bank] = [0, 0];
  const onProgress = (event: SoundFontProgress): void => {
    ({ silent, bank } = event);
    options.onProgress?.(event);
  };
  const notes = await writeJsonWav(to, soundFontNotes(path, { ...options, onProgress }));
  return { notes, silent, bank };
}
