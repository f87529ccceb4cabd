import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { expectClose, readReferenceWav } from '@gansynth/test-kit';
import { describe, expect, it } from 'vitest';
import { inARow } from '../audio/in-a-row.js';
import { mixWaves } from '../audio/mix-waves.js';
import { scratch } from '../test-support/packed.js';
import { InterpolationFiles } from './interpolation-files.js';
import { waveRow } from './interpolation-rows.js';

const ends = {
  label: 'C4',
  first: Float32Array.from({ length: 3000 }, (_, n) => 0.5 * Math.sin(n / 10)),
  last: Float32Array.from({ length: 2000 }, (_, n) => 0.5 * Math.sin(n / 7)),
  sampleRate: 16_000,
};
const fractions = [0, 0.25, 0.5, 0.75, 1];

describe('a row of waves', () => {
  it('is every mix, and the beginnings of all in a row', async () => {
    const out = scratch();
    const files = new InterpolationFiles(out, { total: 5, seconds: 0.1, keeps: () => undefined });
    await waveRow(ends, fractions, files, new AbortController().signal);
    const mixed = fractions.map((t) => mixWaves(ends.first, ends.last, t));
    const expected = [...mixed, inARow(mixed, 1600)];
    // What 16 bits can say.
    for (const [i, file] of [...files.files, ...files.wholes].entries())
      expectClose(readReferenceWav(file), expected[i]!, { absolute: 2 ** -15 });
    expect([files.files, files.wholes].map(({ length }) => length)).toEqual([5, 1]);
  });

  it('ends within a step when it is stopped, and leaves what there is', async () => {
    const out = scratch();
    const stop = new AbortController();
    let kept = '';
    const files = new InterpolationFiles(out, {
      total: 5,
      seconds: 0.1,
      keeps: (what) => {
        kept = what;
        if (what.startsWith('2 of 5')) stop.abort();
      },
    });
    await expect(waveRow(ends, fractions, files, stop.signal)).rejects.toThrow(/abort/i);
    expect(kept).toBe(`2 of 5 notes are in ${out}.`);
    expect(readdirSync(join(out, 'wave'))).toHaveLength(2);
  });
});
