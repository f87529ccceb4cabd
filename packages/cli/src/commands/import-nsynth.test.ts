import { closeSync, existsSync, mkdirSync, openSync, readFileSync, truncateSync, writeFileSync, writeSync } from 'node:fs';
import { join } from 'node:path';
import { crc32c, maskCrc } from '@gansynth/common/crc32c';
import { encodeWav } from '@gansynth/common/wav';
import { parseNpy } from '@gansynth/model-files';
import { presets, waveNetConfig, waveNetVariables, type WaveNetConfig } from '@gansynth/models-wavenet';
import {
  bundleFiles,
  bundleIndex,
  expectClose,
  placed,
  readGolden,
  readGoldenNpy,
  type StoredVariable,
} from '@gansynth/test-kit';
import { beforeAll, describe, expect, it } from 'vitest';
import { inProcess } from '../test-support/in-process.js';
import { scratch, type Finished } from '../test-support/packed.js';

const checksumOf = (bytes: Uint8Array): number => maskCrc(crc32c(bytes));

interface Golden {
  readonly num_stages: number;
  readonly num_layers: number;
  readonly width: number;
  readonly skip_width: number;
  readonly encoding_channels: number;
  readonly hop: number;
  readonly length: number;
  readonly encoder: { readonly ae_num_stages: number; readonly ae_num_layers: number; readonly ae_width: number };
}
const golden = readGolden<Golden>('wavenet/decoder/decoder.json');
/** The tiny NSynth of the golden numbers, as a recipe has its sizes. */
const sizes = {
  family: 'nsynth-autoencoder',
  layers: golden.num_layers,
  cycle: golden.num_stages,
  width: golden.width,
  skipWidth: golden.skip_width,
  hop: golden.hop,
  channels: golden.encoding_channels,
  encoder: { layers: golden.encoder.ae_num_layers, cycle: golden.encoder.ae_num_stages, width: golden.encoder.ae_width },
};

const goldenFloats = (name: string): Float32Array => Float32Array.from(readGoldenNpy(`wavenet/decoder/${name}.npy`).data, Number);

const stored = (name: string, shape: readonly number[], data: Float32Array | null): StoredVariable => ({
  name,
  dtype: 'float32',
  shape,
  bytes: data && new Uint8Array(data.buffer, data.byteOffset, data.byteLength),
});

/** Weights and averages of a network; averages are half the weights. */
function variablesOf(config: WaveNetConfig, values: (name: string) => Float32Array | null): StoredVariable[] {
  return [
    ...waveNetVariables(config).flatMap(({ name, shape }) => {
      const data = values(name);
      return [
        stored(name, shape, data),
        stored(`${name}/ExponentialMovingAverage`, shape, data && data.map((value) => value / 2)),
      ];
    }),
    { name: 'global_step', dtype: 'int32', shape: [], bytes: new Uint8Array(Int32Array.of(200_000).buffer) },
  ];
}

let cwd: string;
const frames = (out: string): Buffer => readFileSync(join(cwd, out, 'sound.npy'));
const run = (...words: string[]): Promise<Finished> => inProcess(words, { cwd });

beforeAll(() => {
  cwd = scratch();
  const config = waveNetConfig({
    layers: sizes.layers,
    cycle: sizes.cycle,
    width: sizes.width,
    skipWidth: sizes.skipWidth,
    conditioning: { kind: 'frames', hop: sizes.hop, channels: sizes.channels, encoder: sizes.encoder },
  });
  mkdirSync(join(cwd, 'tiny'));
  const weights = variablesOf(config, (name) => goldenFloats(`weights/${name.replace('/', '~')}`));
  for (const [name, bytes] of Object.entries(bundleFiles('model.ckpt-7', weights, checksumOf)))
    writeFileSync(join(cwd, 'tiny', name), bytes);
  writeFileSync(
    join(cwd, 'tiny.json'),
    JSON.stringify({ name: 'tiny', model: sizes, training: { cropSamples: 64 * sizes.hop } }),
  );
  writeFileSync(join(cwd, 'sound.wav'), encodeWav(goldenFloats('wav').subarray(0, golden.length), 16_000, 'float32'));
});

describe('gansynth import of an NSynth checkpoint', () => {
  it.each([
    'tiny',
    'tiny/model.ckpt-7',
    'tiny/model.ckpt-7.index',
    'tiny/model.ckpt-7.meta',
    'tiny/model.ckpt-7.data-00000-of-00001',
  ])('by %s gives the frames of the original', async (at) => {
    const imported = await run('import', at, '--to', 'model', '--recipe', 'tiny.json', '--json');
    expect({ status: imported.status, stderr: imported.stderr }).toEqual({ status: 0, stderr: '' });
    expect(JSON.parse(imported.stdout)).toMatchObject({ steps: 200_000, weights: 'raw', part: null });
    expect(JSON.parse(readFileSync(join(cwd, 'model', 'gansynth.json'), 'utf8'))).toMatchObject({
      family: 'wavenet',
      sampleRate: 16_000,
      details: { steps: 200_000, weights: 'raw' },
    });
    const { status, stderr } = await run('reconstruct', 'sound.wav', '--model', 'model', '--embeddings', '--out', 'out', '-q');
    expect({ status, stderr }).toEqual({ status: 0, stderr: '' });
    const { shape, data } = parseNpy(readFileSync(join(cwd, 'out', 'sound.npy')));
    const expected = readGoldenNpy('wavenet/decoder/encoder_output_from_wav.npy');
    expect(shape).toEqual(expected.shape.slice(1));
    const first = Array.from(expected.data, Number).slice(0, data.length);
    expectClose(Array.from(data, Number), first, { absolute: 1e-5, relative: 1e-5 });
  });

  it('takes averages, or one part, where they are asked for', async () => {
    const averaged = await run('import', 'tiny', '--to', 'averaged', '--recipe', 'tiny.json', '--weights', 'averaged', '--json');
    expect(JSON.parse(averaged.stdout), averaged.stderr).toMatchObject({ weights: 'averaged' });
    await run('reconstruct', 'sound.wav', '--model', 'averaged', '--embeddings', '--out', 'of averages', '-q');
    expect(frames('of averages').equals(frames('out'))).toBe(false);
    for (const part of ['encoder', 'decoder']) {
      const one = await run('import', 'tiny', '--to', part, '--recipe', 'tiny.json', '--part', part, '--json');
      expect(JSON.parse(one.stdout), one.stderr).toMatchObject({ part });
      const { status, stderr } = await run('reconstruct', 'sound.wav', '--model', part, '-q');
      expect(status).toBe(3);
      expect(stderr).toMatch(new RegExp(`expected an autoencoder, found its ${part} alone. Import it whole`));
    }
  });

  it('says what it found instead, and leaves nothing', async () => {
    mkdirSync(join(cwd, 'two'));
    for (const step of [1, 2]) writeFileSync(join(cwd, 'two', `model.ckpt-${step}.index`), 'x');
    mkdirSync(join(cwd, 'broken'));
    const index = readFileSync(join(cwd, 'tiny', 'model.ckpt-7.index'));
    writeFileSync(join(cwd, 'broken', 'model.ckpt-7.index'), index);
    mkdirSync(join(cwd, 'other'));
    const other: StoredVariable = { name: 'dense/kernel', dtype: 'float32', shape: [2], bytes: null };
    for (const [name, bytes] of Object.entries(bundleFiles('model.ckpt-7', [other], checksumOf)))
      writeFileSync(join(cwd, 'other', name), bytes);
    writeFileSync(join(cwd, 'wavenet-ckpt.tar'), 'x');
    const cases: [string[], number, RegExp][] = [
      [
        ['tiny'],
        3,
        /expected a checkpoint of the NSynth autoencoder: .*expected a variable ae_bottleneck\/W \[1,1,128,16\].*--recipe/,
      ],
      [['other'], 3, /expected a checkpoint of the NSynth autoencoder: .*ae_/],
      [['broken'], 3, /expected a checkpoint of the NSynth autoencoder: .*model.ckpt-7.data-00000-of-00001/],
      [['two'], 3, /expected one checkpoint, found 2. Name one: two.model.ckpt-1, two.model.ckpt-2/],
      [['two/model.ckpt-2'], 3, /model.ckpt-2/],
      [['wavenet-ckpt.tar'], 3, /Unpack it first/],
      [['nowhere'], 3, /nowhere: expected experiment.json .*found none of them/],
      [['tiny', '--stage', '3'], 2, /expected no --stage for a checkpoint of NSynth, found --stage 3/],
      [
        ['tiny', '--recipe', 'mini/smoke'],
        3,
        /--recipe mini\/smoke: expected one of family nsynth-autoencoder, found progressive-gan/,
      ],
    ];
    for (const [words, expected, message] of cases) {
      const { status, stderr } = await run('import', ...words, '--to', 'refused');
      expect({ status, stderr }, words.join(' ')).toEqual({ status: expected, stderr: expect.stringMatching(message) });
    }
    expect(existsSync(join(cwd, 'refused'))).toBe(false);
  });

  it('says the sample rate and the length of notes that the recipe has', async () => {
    const other = { name: 'other', data: { sampleRate: 8000, samples: 16_000 }, model: sizes };
    writeFileSync(join(cwd, 'other.json'), JSON.stringify(other));
    const { status, stderr } = await run('import', 'tiny', '--to', 'at 8000', '--recipe', 'other.json');
    expect({ status, stderr }).toEqual({ status: 0, stderr: '' });
    expect(JSON.parse(readFileSync(join(cwd, 'at 8000', 'gansynth.json'), 'utf8'))).toMatchObject({
      sampleRate: 8000,
      representation: { samples: 16_000, sampleRate: 8000 },
    });
  });

  it("takes the encoder of one of the released one's sizes without a recipe", async () => {
    mkdirSync(join(cwd, 'large'));
    // All zeros but one value: a sparse file, whose holes take no room.
    const marked = variablesOf(presets.nsynth, (name) =>
      name === 'ae_bottleneck/biases' ? new Float32Array(16).fill(0.5) : null,
    );
    const variables = placed(marked);
    writeFileSync(join(cwd, 'large', 'model.ckpt-200000.index'), bundleIndex(variables, checksumOf));
    const path = join(cwd, 'large', 'model.ckpt-200000.data-00000-of-00001');
    const file = openSync(path, 'w');
    for (const { bytes, offset } of variables) if (bytes) writeSync(file, bytes, 0, bytes.length, offset);
    closeSync(file);
    truncateSync(
      path,
      variables.reduce((sum, { size }) => sum + size, 0),
    );
    const { status, stdout, stderr } = await run('import', 'large', '--to', 'nsynth', '--part', 'encoder');
    expect({ status, stderr }).toEqual({ status: 0, stderr: '' });
    expect(stdout).toContain('nsynth: NSynth encoder, 1,976,336 parameters (raw), 200,000 steps seen');
  });
});
