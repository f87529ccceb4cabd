import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import type { Context } from '../app/command.js';
import { createProgress } from '../app/progress.js';
import { scratch } from '../test-support/packed.js';
import { prepareNotes } from './prepare-notes.js';
import { scales } from './scales.js';

/** A folder of notes that says this of them. */
function folderOf(source: object): string {
  const folder = join(scratch(), 'notes');
  mkdirSync(folder);
  writeFileSync(join(folder, 'examples.json'), '{}');
  writeFileSync(join(folder, 'soundfont.json'), JSON.stringify({ name: 'A.sf2', bytes: 3, ...source }));
  return folder;
}

const context = {
  signal: new AbortController().signal,
  progress: createProgress({ stream: process.stderr, style: 'none' }),
} as unknown as Context;
const settings = {
  bank: 0,
  programs: [0, 11, 12, 24, 53, 57, 71, 73],
  pitches: Array.from({ length: 25 }, (_, i) => 48 + i),
  velocities: [25, 50, 75, 100, 127],
  secondsOn: 0.75,
  secondsRelease: 0.25,
  sampleRate: 16_000,
};

it('takes the notes that are there, if they are those that rows learn from', async () => {
  const folder = folderOf({ settings });
  expect(await prepareNotes(scales.mini, folder, {}, context)).toBe(folder);
});

it('refuses notes of other pitches, or of which nothing is said', async () => {
  for (const other of [{}, { settings: { ...settings, pitches: [36, 37] } }]) {
    await expect(prepareNotes(scales.mini, folderOf(other), {}, context)).rejects.toThrow(
      /expected notes of the programs 0, 11, .* MIDI 48 to 72, found others.*Name another --to/,
    );
  }
});

it('refuses a SoundFont that is not there, unless it is the one whose notes are made', async () => {
  const folder = folderOf({ settings });
  await expect(prepareNotes(scales.mini, folder, { soundfont: join(scratch(), 'none.sf2') }, context)).rejects.toThrow(
    /none\.sf2: expected a SoundFont, found no such file. The notes of A\.sf2 are made already/,
  );
  expect(await prepareNotes(scales.mini, folder, { soundfont: join(scratch(), 'A.sf2') }, context)).toBe(folder);
});

it('refuses those of another SoundFont than the one that is named', async () => {
  const named = join(scratch(), 'B.sf2');
  writeFileSync(named, 'abc');
  await expect(prepareNotes(scales.mini, folderOf({ settings }), { soundfont: named }, context)).rejects.toThrow(
    /expected notes of B\.sf2, found those of A\.sf2/,
  );
});
