import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { integratedLoudness } from '@gansynth/metrics';
import { beforeAll, describe, expect, it } from 'vitest';
import { quiet, samplesOf, smallTest, source } from '../test-support/listening.js';
import { scratch } from '../test-support/packed.js';
import { readKey, type TestKey } from './key.js';
import { makeTest } from './make-test.js';

describe('makeTest', () => {
  let folder: string;
  let key: TestKey;
  beforeAll(async () => {
    folder = scratch();
    key = await smallTest(folder);
  });

  it('makes every sound as loud as the others, and as long', () => {
    const sounds = join(folder, 'page', 'sounds');
    expect(readdirSync(sounds).sort()).toEqual(key.sounds.map(({ file }) => file).sort());
    for (const { file } of key.sounds) {
      const samples = samplesOf(sounds, file);
      expect(samples.length).toBe(2400);
      expect(integratedLoudness(samples, { sampleRate: 16_000 })).toBeCloseTo(key.loudness, 1);
    }
  });

  it('tells the page neither the models nor what is right, and nothing outside of it is needed', () => {
    const html = readFileSync(join(folder, 'page', 'index.html'), 'utf8');
    for (const word of ['clean', 'hiss', 'storm', 'neither', 'pitch"']) expect(html).not.toContain(word);
    expect([...html.matchAll(/(?:src|href)="([^"]*)"/g)].map(([, to]) => to)).toEqual(['data:,']);
    expect(html).not.toMatch(/https?:\/\//);
    expect(html).not.toMatch(/\/\* (?:style|data|script) \*\//);
  });

  it('plays in each pair what the key says', () => {
    const html = readFileSync(join(folder, 'page', 'index.html'), 'utf8');
    const data = JSON.parse(/id="data">\s*(\{.*\})\s*<\/script>/.exec(html)![1]!) as { pairs: Record<string, [string, string]> };
    const noteOf = new Map(key.sounds.map(({ file, note }) => [`sounds/${file}`, note]));
    for (const { id, first, second } of key.pairs)
      expect(data.pairs[id]!.map((file) => noteOf.get(file))).toEqual([first, second]);
    for (const { id, better, note } of key.catches) {
      const [a, b] = data.pairs[id]!;
      if (better === 'neither') expect([noteOf.get(a), a]).toEqual([note, b]);
      else {
        const crest = (file: string): number => roughness(samplesOf(join(folder, 'page'), file));
        expect(crest(a) < crest(b)).toBe(better === 'first');
      }
    }
  });

  it('is the same from the same seed, another from another', async () => {
    expect(readKey(folder)).toEqual(key);
    const again = scratch();
    expect((await smallTest(again)).id).toBe(key.id);
    const options = { pitches: [57], comparisons: 2, seed: 2 };
    const { key: other } = await makeTest(join(again, 'x'), [source('a', 0), source('b', 1)], options, quiet());
    expect(other.id).not.toBe(key.id);
  });

  it('does not write over a test, and names a model whose notes are no numbers', async () => {
    await expect(smallTest(folder)).rejects.toThrow(/expected a new folder, found a listening test/);
    const broken = source('broken', Number.NaN);
    const to = join(scratch(), 'new');
    const made = makeTest(to, [source('a', 0), broken], { pitches: [57], comparisons: 2, seed: 0 }, quiet());
    await expect(made).rejects.toThrow(/broken: expected notes that are finite numbers, found none in broken-0/);
    expect(existsSync(to)).toBe(false);
  });
});

/** Power of what one sample does not say of the next. */
const roughness = (samples: Float32Array): number =>
  samples.reduce((sum, value, n) => sum + (value - (samples[n - 1] ?? 0)) ** 2, 0);
