import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { expect } from 'vitest';
import type { Row } from '../row.js';
import { put } from '../sounds.js';

const letters = (text: string): number[] => [...text].map((letter) => letter.charCodeAt(0));
const long = (value: number): number[] => [24, 16, 8, 0].map((shift) => (value >>> shift) & 0xff);
const header = (format: number, tracks: number): number[] => [...letters('MThd'), ...long(6), 0, format, 0, tracks, 1, 0xe0];
const track = (body: readonly number[], length = body.length): number[] => [...letters('MTrk'), ...long(length), ...body];

const end = [0, 0xff, 0x2f, 0];
const tempo = (microseconds: number): number[] => [0, 0xff, 0x51, 3, ...long(microseconds).slice(1)];
// C4, E4, G4, a quarter of 480 ticks each.
const triad = [60, 64, 67].flatMap((pitch) => [0, 0x90, pitch, 100, 0x83, 0x60, 0x80, pitch, 0]);
const whole = track([...triad, ...end]);

const files: Readonly<Record<string, readonly number[]>> = {
  'seqnum0.mid': [...header(0, 1), ...track([0, 0xff, 0, 0, ...triad, ...end])],
  'track_len_long.mid': [...header(0, 1), ...track([...triad, ...end], triad.length + 14)],
  'alien_chunk.mid': [...header(1, 1), ...letters('XFIH'), ...long(4), ...letters('abcd'), ...whole],
  'ntrks_less.mid': [...header(1, 1), ...track([...tempo(500_000), ...end]), ...whole],
  'tempo_track2.mid': [
    ...header(1, 2),
    ...track([0, 0xff, 3, 1, 120, ...end]),
    ...track([...tempo(1_000_000), ...triad, ...end]),
  ],
  'far.mid': [...header(0, 1), ...track([...triad, 0xff, 0xff, 0xff, 0x7f, 0x90, 60, 100, 0x83, 0x60, 0x80, 60, 0, ...end])],
};

export const row: Row = {
  about: 'a song with harmless oddities is played, one that would last for days refused with its length',
  make(folder) {
    for (const [name, bytes] of Object.entries(files)) put(folder, name, Uint8Array.from(bytes));
  },
  async check(bench) {
    const midi = (name: string) => bench.gansynth('midi', join(bench.inputs, name), '--json', '-q');
    for (const name of Object.keys(files).filter((file) => file !== 'far.mid')) {
      const { status, stdout, stderr } = await midi(name);
      expect({ name, status, stderr }).toEqual({ name, status: 0, stderr: '' });
      // Whole seconds: the song, and three more in which its last note dies away.
      const seconds = name === 'tempo_track2.mid' ? 3 + 3 : Math.trunc(1.5 + 3);
      expect(JSON.parse(stdout), name).toMatchObject({ notes: 3, leftOut: 0, seconds });
    }
    const { status, stderr } = await midi('far.mid');
    expect(status).toBe(3);
    expect(stderr).toMatch(/found one that would last 3 days 5 hours/);
    expect(existsSync(join(bench.folder, 'far.wav'))).toBe(false);
  },
};
