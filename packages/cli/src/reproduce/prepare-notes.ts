import { renderSoundFont } from '@gansynth/nsynth-data';
import { existsSync, statSync } from 'node:fs';
import { basename, join, resolve } from 'node:path';
import type { Context } from '../app/command.js';
import { InputError, UsageError } from '../app/errors.js';
import { has, readJsonOf } from '../runs/read-json-of.js';
import { writeJson } from '../runs/write-json.js';
import { copyDemoNotes } from '../pipeline/demo-notes.js';
import type { Scale } from './scales.js';

/** Notes of the scale `mini`: eight General MIDI programs over two octaves at NSynth's velocities, a second each. */
const miniNotes = {
  bank: 0,
  programs: [0, 11, 12, 24, 53, 57, 71, 73],
  pitches: Array.from({ length: 25 }, (_, i) => 48 + i),
  velocities: [25, 50, 75, 100, 127],
  secondsOn: 0.75,
  secondsRelease: 0.25,
  sampleRate: 16_000,
};

/** Where Debian's fluid-soundfont-gm and others put it. */
const usualSoundFonts = ['/usr/share/sounds/sf2/FluidR3_GM.sf2', '/usr/share/soundfonts/FluidR3_GM.sf2'];

export interface NotesWanted {
  /** A collection to take instead. */
  readonly data?: string | undefined;
  readonly soundfont?: string | undefined;
}

/** @throws UsageError where notes are named that the scale does not take, or none are and it has none of its own */
export function checkNotesWanted({ name, notes }: Pick<Scale, 'name' | 'notes'>, { data, soundfont }: NotesWanted): void {
  if (data !== undefined && soundfont !== undefined) {
    throw new UsageError('expected --data or --soundfont, found both. Leave one out.');
  }
  if (soundfont !== undefined && notes !== 'soundfont') {
    throw new UsageError(`expected --soundfont with --scale mini, found it with --scale ${name}. Leave it out, or give --data.`);
  }
  if (data === undefined && notes === 'given') {
    throw new UsageError(
      `expected --data with --scale ${name}, found none: the paper's notes are NSynth's. gansynth data download fetches them.`,
    );
  }
}

/**
 * The collection that every row learns from: the one that was named, or the scale's own, made where it is not there yet.
 *
 * @param folder where notes are made
 * @returns the collection
 * @throws UsageError where nothing was named and the scale has none of its own
 */
export async function prepareNotes(
  { name, notes }: Scale,
  folder: string,
  { data, soundfont }: NotesWanted,
  { signal, progress }: Context,
): Promise<string> {
  checkNotesWanted({ name, notes }, { data, soundfont });
  if (data !== undefined) return data;
  if (notes === 'demo') return copyDemoNotes(folder);
  const source = join(folder, 'soundfont.json');
  if (existsSync(join(folder, 'examples.json'))) {
    checkSource(source, soundfont);
    return folder;
  }
  const font = soundfont ?? usualSoundFonts.find((path) => existsSync(path));
  if (font === undefined) {
    throw new UsageError(
      `expected --soundfont or --data with --scale ${name}, found neither, and no SoundFont in ${usualSoundFonts.join(' or ')}. ` +
        "Debian's package fluid-soundfont-gm has one.",
    );
  }
  const step = progress.start(`rendering notes of ${font}`, 1);
  const made = await renderSoundFont(font, {
    ...miniNotes,
    to: folder,
    signal,
    onProgress: ({ done, total }) => step.update(done / total),
  });
  step.finish(`${made.notes} notes`);
  await writeJson(source, { name: basename(font), bytes: statSync(font).size, settings: miniNotes } satisfies NotesSource);
  if (made.notes === 0) throw new InputError(`${font}: expected notes that sound, found none. Name another --soundfont.`, font);
  return folder;
}

/** What the notes of a comparison are, in words. */
export function describeNotes({ notes }: Pick<Scale, 'notes'>, collection: string, { data }: NotesWanted): string {
  if (data !== undefined || notes === 'given') return basename(resolve(collection));
  if (notes === 'demo') return 'the shipped notes';
  const source = join(collection, 'soundfont.json');
  return existsSync(source) ? readJsonOf(source, isNotesSource).name : 'a SoundFont';
}

/** What notes were made from, and which they are. */
interface NotesSource {
  readonly name: string;
  readonly bytes: number;
  /** Not there in folders of before rows had other notes. */
  readonly settings?: unknown;
}

const isNotesSource = (value: unknown): value is NotesSource => has(value, 'name', 'bytes');

/** @throws InputError for notes that the rows do not learn from, or of another SoundFont than the one that is named */
function checkSource(file: string, wanted: string | undefined): void {
  if (!existsSync(file)) return;
  const kept = readJsonOf(file, isNotesSource);
  if (JSON.stringify(kept.settings) !== JSON.stringify(miniNotes)) {
    throw new InputError(
      `${file}: expected notes of the programs ${miniNotes.programs.join(', ')}, MIDI ${miniNotes.pitches[0]} to ${miniNotes.pitches.at(-1)}, ` +
        'found others, made for the rows of another version. Name another --to.',
      kept,
    );
  }
  if (wanted === undefined || (kept.name === basename(wanted) && !existsSync(wanted))) return;
  if (!existsSync(wanted)) {
    throw new InputError(
      `${wanted}: expected a SoundFont, found no such file. The notes of ${kept.name} are made already: leave --soundfont out to take them.`,
      wanted,
    );
  }
  if (kept.name === basename(wanted) && kept.bytes === statSync(wanted).size) return;
  throw new InputError(
    `${file}: expected notes of ${basename(wanted)}, found those of ${kept.name}. Name that one, or another --to.`,
    kept,
  );
}
