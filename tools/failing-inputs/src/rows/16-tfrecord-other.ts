import { join } from 'node:path';
import { deflateSync, gzipSync } from 'node:zlib';
import { encodeWav } from '@gansynth/nsynth-data';
import { expect } from 'vitest';
import { labelsOf, record } from '../records.js';
import type { Row } from '../row.js';
import { put, tone } from '../sounds.js';

export const row: Row = {
  about: 'records that are compressed otherwise, or hold integers, are read or named as what they are',
  make(folder) {
    const audio = tone(60, { seconds: 1 });
    const sound = record({ ...labelsOf(60), audio: [encodeWav(audio, 16_000)] });
    put(
      folder,
      'int64_audio.tfrecord',
      record({ ...labelsOf(60), audio: [...audio].map((value) => Math.round(32_767 * value)) }),
    );
    put(folder, 'zlib.tfrecord', deflateSync(sound));
    put(folder, 'gz-in-folder/train.tfrecord.gz', gzipSync(sound));
  },
  async check(bench) {
    const inspect = (name: string): ReturnType<typeof bench.gansynth> =>
      bench.gansynth('data', 'inspect', join(bench.inputs, name), '--json');
    for (const [name, message] of [
      ['int64_audio.tfrecord', /audio as integers/],
      ['zlib.tfrecord', /zlib is not read/],
    ] as const) {
      const { status, stderr } = await inspect(name);
      expect(stderr).toMatch(message);
      expect(status).toBe(3);
    }
    const { status, stdout, stderr } = await inspect('gz-in-folder');
    expect(status, stderr).toBe(0);
    expect(JSON.parse(stdout)).toMatchObject({ notes: 1 });
  },
};
