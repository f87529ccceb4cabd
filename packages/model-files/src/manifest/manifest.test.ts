import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import {
  jsonBounds,
  memoryFiles,
  memorySink,
  ModelFileError,
  parseJson,
  parseManifest,
  readManifest,
  readModel,
  writeWeights,
} from '../index.js';
import { tinyFiles } from '../test-support/tiny-model.js';

const text = (value: string): Uint8Array => new TextEncoder().encode(value);
/** Of the first model that was published. */
const version1 = readFileSync(fileURLToPath(new URL('../../test/fixtures/version-1.json', import.meta.url)));

/** The manifest of the tiny model after a change. */
async function changed(change: (manifest: Record<string, unknown>) => void): Promise<Uint8Array> {
  const files = await tinyFiles();
  const manifest = JSON.parse(new TextDecoder().decode(files['gansynth.json']));
  change(manifest);
  return text(JSON.stringify(manifest));
}

const at = (value: Record<string, unknown>, field: string): Record<string, unknown> => value[field] as Record<string, unknown>;

describe('parseManifest', () => {
  it('reads what was written', async () => {
    const manifest = await readManifest(memoryFiles(await tinyFiles()));
    expect(manifest).toMatchObject({ family: 'progressive-gan', name: 'tiny', growth: { blocks: 3, progress: 1.5 } });
    expect(Object.keys(manifest.files)).toEqual(['model.json', 'group1-shard1of1.bin']);
    expect(manifest.weights?.[0]?.paths).toEqual(['group1-shard1of1.bin']);
  });

  it('reads the first published model, of version 1, as the progressive GAN it is', () => {
    const manifest = parseManifest(version1);
    expect(manifest).toMatchObject({
      family: 'progressive-gan',
      version: 2,
      weights: null,
      growth: { blocks: 3 },
      sampleRate: 16_000,
    });
    expect(manifest.representation).toMatchObject({ kind: 'if-mel-harmonic', fullBins: 1024 });
  });

  it('reads the first WaveGANs, which had a format of their own', () => {
    const old = text('{"format":"gansynth-wavegan","version":1,"name":"w","network":{"samples":16384}}');
    expect(parseManifest(old)).toMatchObject({ family: 'wavegan', name: 'w', files: {}, weights: null });
  });

  it('reads a model that is its weights alone, its shards named anew where the old names are taken', async () => {
    const weights = {
      'b/W': { shape: [2, 1], data: Float32Array.of(1, 2) },
      'a/W': { shape: [], data: Float32Array.of(3).subarray(0) },
      // A view into something larger.
      c: { shape: [2], data: Float32Array.of(9, 4, 5, 9).subarray(1, 3) },
    };
    const sink = memorySink();
    await writeWeights(weights, sink, { family: 'wavenet', name: 'net', network: { layers: 3 } });
    const { manifest, weights: read } = await readModel(memoryFiles(sink.files));
    expect(manifest).toMatchObject({ family: 'wavenet', name: 'net', network: { layers: 3 } });
    expect(Object.keys(sink.files)).toEqual(['group1-shard1of1.bin', 'gansynth.json']);
    expect(Object.entries(read).map(([name, { shape, data }]) => [name, shape, [...data]])).toEqual([
      ['b/W', [2, 1], [1, 2]],
      ['a/W', [], [3]],
      ['c', [2], [4, 5]],
    ]);
    await writeWeights(weights, { ...sink, list: async () => Object.keys(sink.files) }, { family: 'wavenet', network: {} });
    expect(Object.keys(sink.files)).toEqual(['group2-shard1of1.bin', 'gansynth.json']);
  });

  it('passes over a byte order mark', async () => {
    const { 'gansynth.json': bytes = new Uint8Array() } = await tinyFiles();
    expect(parseManifest(Buffer.concat([Uint8Array.of(0xef, 0xbb, 0xbf), bytes]))).toEqual(parseManifest(bytes));
  });

  it.each<[string, (manifest: Record<string, unknown>) => void, RegExp]>([
    [
      'bins without end',
      (m) => (at(m, 'representation')['fullBins'] = 2 ** 26),
      /representation\.fullBins: expected a whole number from 1 to 65536, found 67108864/,
    ],
    [
      'an image without end',
      (m) => Object.assign(at(m, 'representation'), { fullFrames: 65_536, fullBins: 65_536 }),
      /fullFrames times fullBins of at most 16777216/,
    ],
    [
      'samples without end',
      (m) => (at(m, 'representation')['samples'] = 1e12),
      /representation\.samples: expected a whole number from 1 to 16777216/,
    ],
    ['half a bin', (m) => (at(m, 'representation')['bins'] = 0.5), /representation\.bins: expected a whole number/],
    ['a hop without end', (m) => (at(m, 'representation')['hop'] = 1e30), /representation\.hop: expected a number/],
    ['no sample rate', (m) => (m['sampleRate'] = 0), /sampleRate: expected a number from 1 to 768000, found 0/],
    ['a text for a number', (m) => (m['sampleRate'] = '16000'), /sampleRate: expected a number .* found "16000"/],
    ['blocks without end', (m) => (at(m, 'growth')['blocks'] = 1e9), /growth\.blocks: expected a whole number from 1 to 32/],
    ['progress beyond its blocks', (m) => (at(m, 'growth')['progress'] = 2.5), /growth\.progress: expected a number from 0 to 2/],
    ['no growth', (m) => delete m['growth'], /growth: expected a value, found nothing/],
    ['no network', (m) => (m['network'] = [1]), /network: expected a JSON object, found \[1\]/],
    [
      'an unknown family',
      (m) => (m['family'] = 'wavenet-2'),
      /family: expected one of progressive-gan, wavegan, wavenet, found "wavenet-2"/,
    ],
    ['a score that is no number', (m) => (m['scores'] = { fid: 'low' }), /scores\.fid: expected a number/],
    [
      'files outside its folder',
      (m) => (m['files'] = { '../../etc/passwd': { bytes: 1, crc32c: 1 } }),
      /inside the model's folder/,
    ],
    [
      'a file of negative length',
      (m) => (at(at(m, 'files'), 'model.json')['bytes'] = -1),
      /files\.model\.json\.bytes: expected a whole number/,
    ],
    [
      'weights outside its folder',
      (m) => (m['weights'] = [{ paths: ['/etc/passwd'], weights: [] }]),
      /inside the model's folder/,
    ],
    ['no weights', (m) => delete m['weights'], /expected a weights manifest/],
    ['a newer version', (m) => (m['version'] = 9), /expected version 1 or 2, found 9\. Update/],
    ['another format', (m) => (m['format'] = 'x'), /expected format gansynth-model, found "x"/],
  ])('refuses %s, naming field and bound', async (_name, change, message) => {
    const bytes = await changed(change);
    expect(() => parseManifest(bytes)).toThrow(message);
    expect(() => parseManifest(bytes)).toThrow(/^model-files: gansynth.json: /);
  });

  it('reads it or refuses it with a word, whatever value any one field has', async () => {
    const values = [
      null,
      true,
      -1,
      0,
      0.5,
      2 ** 26,
      Number.POSITIVE_INFINITY,
      '',
      'x',
      [],
      [[]],
      {},
      { length: 1e9 },
      [Number.POSITIVE_INFINITY],
    ];
    const visit = (path: readonly string[], value: unknown): string[][] =>
      typeof value === 'object' && value !== null
        ? Object.entries(value).flatMap(([name, inner]) => [[...path, name], ...visit([...path, name], inner)])
        : [];
    for (const source of [version1, (await tinyFiles())['gansynth.json'] ?? new Uint8Array()]) {
      const whole: unknown = JSON.parse(new TextDecoder().decode(source));
      for (const path of visit([], whole).filter(([first]) => first !== 'details')) {
        for (const value of values) {
          const copy = structuredClone(whole);
          let inner = copy as Record<string, unknown>;
          for (const name of path.slice(0, -1)) inner = at(inner, name);
          inner[path.at(-1) ?? ''] = value;
          const json = JSON.stringify(copy).replaceAll('null', value === Number.POSITIVE_INFINITY ? '1e999' : 'null');
          try {
            parseManifest(text(json));
          } catch (error) {
            expect(ModelFileError.isInstance(error), `${path.join('.')} = ${json.slice(0, 40)}: ${error}`).toBe(true);
          }
        }
      }
    }
  });
});

describe('parseJson', () => {
  it('refuses a million brackets, which would overflow the stack of whoever looks into them', () => {
    const brackets = text('['.repeat(1e6) + ']'.repeat(1e6));
    expect(() => parseJson(brackets, 'recipe.json')).toThrow(/recipe.json: expected arrays and objects .* at most 64 deep/);
    const deep = (depth: number): Uint8Array => text('{"a":'.repeat(depth) + '1' + '}'.repeat(depth));
    expect(() => parseJson(deep(jsonBounds.depth), 'x')).not.toThrow();
    expect(() => parseJson(deep(jsonBounds.depth + 1), 'x')).toThrow(/64 deep/);
  });

  it('does not take brackets in texts for depth, nor a quote after a backslash for its end', () => {
    expect(parseJson(text(JSON.stringify(['['.repeat(1000), '\\"[', '\\'])), 'x')).toEqual(['['.repeat(1000), '\\"[', '\\']);
  });

  it('refuses a file too large to be one, and says when it is a web page', () => {
    expect(() => parseJson(new Uint8Array(jsonBounds.bytes + 1), 'x')).toThrow(/at most 16777216 bytes/);
    expect(() => parseJson(text('<!doctype html>'), 'x')).toThrow(/It looks like a web page/);
  });
});

describe('readModel', () => {
  it('reads the weights by the manifest alone: a model.json of another save does no harm', async () => {
    const files = await tinyFiles();
    delete files['model.json'];
    expect((await readModel(memoryFiles(files))).weights['w']?.data).toEqual(new Float32Array(1000).fill(1));
  });

  it('refuses a flipped bit, a cut file, a missing one', async () => {
    const shard = 'group1-shard1of1.bin';
    const { [shard]: bytes = new Uint8Array(), ...files } = await tinyFiles();
    const read = (changed: Uint8Array): Promise<unknown> => readModel(memoryFiles({ ...files, [shard]: changed }));
    await expect(read(bytes.with(100, (bytes[100] ?? 0) ^ 1))).rejects.toThrow(
      /group1-shard1of1.bin: expected 4000 bytes with CRC-32C/,
    );
    await expect(read(bytes.subarray(0, 10))).rejects.toThrow(/found 10 bytes/);
    await expect(readModel(memoryFiles(files))).rejects.toThrow(/group1-shard1of1.bin: expected this file/);
  });

  it('gives up on a model that is replaced again and again, and hands on what another maker’s source says', async () => {
    const files = await tinyFiles();
    let reads = 0;
    const source = {
      read: (path: string): Promise<Uint8Array> => {
        if (path !== 'gansynth.json') return Promise.reject(new TypeError('no such luck'));
        return changed((manifest) => (manifest['name'] = `${reads++}`));
      },
    };
    await expect(readModel(source)).rejects.toThrow(/expected a readable file, found none: no such luck/);
    expect(reads).toBeGreaterThan(10);
    expect(Object.keys(files)).toHaveLength(3);
  });
});
