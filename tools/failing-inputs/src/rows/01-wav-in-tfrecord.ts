import { encodeWav, openDataset } from '@gansynth/nsynth-data';
import { join } from 'node:path';
import { expect } from 'vitest';
import { labelsOf, record } from '../records.js';
import type { Row } from '../row.js';
import { peakOf, put, tone } from '../sounds.js';

/** A record whose audio is a WAV file that begins at an even or an odd byte, as the length of its key has it. */
const noteOf = (pitch: number, padding: string): Buffer =>
  record({ padding: [padding], ...labelsOf(pitch), audio: [encodeWav(tone(pitch, { seconds: 1 }), 16_000)] });

export const row: Row = {
  about: 'a WAV file inside a record is the sound it is, wherever its bytes lie',
  make(folder) {
    put(folder, 'noise.tfrecord', Buffer.concat([60, 62, 64, 65].map((pitch, index) => noteOf(pitch, 'x'.repeat(index)))));
    put(folder, 'crash.tfrecord', noteOf(60, 'xx'));
  },
  async check(bench) {
    const files: readonly [string, readonly number[]][] = [
      ['noise.tfrecord', [60, 62, 64, 65]],
      ['crash.tfrecord', [60]],
    ];
    for (const [name, pitches] of files) {
      const path = join(bench.inputs, name);
      const { status, stdout, stderr } = await bench.gansynth('data', 'inspect', path, '--audio', '--json');
      expect(status, stderr).toBe(0);
      const found = JSON.parse(stdout) as { medianPeak: number };
      expect(found).toMatchObject({
        notes: pitches.length,
        pitches: Object.fromEntries(pitches.map((pitch) => [pitch, 1])),
        clipped: [],
        silent: [],
      });
      expect(found.medianPeak).toBeCloseTo(0.6, 3);
      for await (const { audio } of (await openDataset(path, { index: false })).notes())
        expect(peakOf(audio.data)).toBeCloseTo(0.6, 3);
    }
  },
};
