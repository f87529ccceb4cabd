import { mkdtempSync, mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll } from 'vitest';
import { encodeWav } from '../src/formats/wav.js';
import { families, qualities, sources } from '../src/notes/vocabulary.js';

/** A folder that is removed when the test file has run. */
export function temporaryFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), 'nsynth-data-'));
  afterAll(() => rmSync(folder, { recursive: true, force: true }));
  return folder;
}

export interface MadeNote {
  readonly entry: Record<string, unknown> & { note_str: string; pitch: number };
  readonly audio: Float32Array;
}

/** Small notes with every label there is: a decaying sine, different for each note, rounded to 16 bits. */
export function makeNotes(
  count: number,
  { samples = 200, sampleRate = 16000 }: { samples?: number; sampleRate?: number } = {},
): MadeNote[] {
  return Array.from({ length: count }, (_, index) => {
    const family = index % families.length;
    const source = index % sources.length;
    const pitch = 24 + ((index * 7) % 61);
    const velocity = [25, 50, 75, 100, 127][index % 5]!;
    const number = Math.floor(index / 33);
    const instrument_str = `${families[family] as string}_${sources[source]!}_${String(number).padStart(3, '0')}`;
    const note_str = `${instrument_str}-${String(pitch).padStart(3, '0')}-${String(velocity).padStart(3, '0')}`;
    const flags = qualities.map((_, bit) => ((index * 37) >> bit) & 1);
    const entry = {
      note: 1000 + index,
      note_str,
      instrument: number * 33 + family * 3 + source,
      instrument_str,
      pitch,
      velocity,
      sample_rate: sampleRate,
      qualities: flags,
      qualities_str: qualities.filter((_, bit) => flags[bit]),
      instrument_family: family,
      instrument_family_str: families[family],
      instrument_source: source,
      instrument_source_str: sources[source],
    };
    const audio = Float32Array.from({ length: samples }, (_, t) => {
      const value = Math.exp(-t / samples) * Math.sin(2 * Math.PI * (440 * 2 ** ((pitch - 69) / 12)) * (t / sampleRate) + index);
      // No -0: a 16-bit file has only one zero.
      return Math.round(value * 30000) / 32768 + 0;
    });
    return { entry, audio };
  });
}

/** Writes notes as `examples.json` and `audio/`. */
export function writeFolder(folder: string, notes: readonly MadeNote[]): string {
  mkdirSync(join(folder, 'audio'), { recursive: true });
  writeFileSync(
    join(folder, 'examples.json'),
    JSON.stringify(Object.fromEntries(notes.map(({ entry }) => [entry.note_str, entry]))),
  );
  for (const { entry, audio } of notes)
    writeFileSync(join(folder, 'audio', `${entry.note_str}.wav`), encodeWav(audio, entry['sample_rate'] as number));
  return folder;
}
