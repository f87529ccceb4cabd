import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect } from 'vitest';
import { writeTFRecord } from '@gansynth/nsynth-data';
import type { Row } from '../row.js';
import { tone } from '../sounds.js';
import { labelled } from '../labelled.js';

export const row: Row = {
  about: 'one shard of two is not the whole',
  async make(folder) {
    await writeTFRecord(join(folder, 'nsynth-train.tfrecord-00000-of-00002'), [labelled(60, tone(60)), labelled(62, tone(62))]);
    writeFileSync(join(folder, 'README.txt'), 'no record');
  },
  async check(bench) {
    const strict = await bench.gansynth('data', 'inspect', bench.inputs);
    expect(strict.status).toBe(3);
    expect(strict.stderr).toMatch(/expected 2 shards, found 1: .*-00001-of-00002 is missing/);
    const { status, stdout } = await bench.gansynth('data', 'inspect', bench.inputs, '--skip-bad', '--json');
    expect(status).toBe(0);
    expect(JSON.parse(stdout)).toMatchObject({ notes: 2, refused: { count: 1 } });
  },
};
