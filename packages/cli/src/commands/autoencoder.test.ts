import { copyFileSync, cpSync, existsSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { encodeWav } from '@gansynth/common/wav';
import { encodeNpy, parseNpy } from '@gansynth/model-files';
import { readReferenceWav } from '@gansynth/test-kit';
import { beforeAll, describe, expect, it } from 'vitest';
import { autoencoderFolder, trainCoder } from '../families/nsynth-autoencoder/test-support/tiny.js';
import { inProcess } from '../test-support/in-process.js';
import { scratch, type Finished } from '../test-support/packed.js';

let cwd: string;
const run = (...words: string[]): Promise<Finished> => inProcess(words, { cwd });
const runOf = (runs: string): string => join(cwd, runs, readdirSync(join(cwd, runs))[0] ?? 'no run');

function weights(runs: string): Buffer {
  const model = join(runOf(runs), 'model');
  return readFileSync(join(model, readdirSync(model).find((name) => name.endsWith('.bin')) ?? 'no weights'));
}

const sound = (file: string): Float32Array => readReferenceWav(join(cwd, file));

interface Reconstructed {
  readonly files: string[];
  readonly frames: number[];
}

/** What `gansynth reconstruct` gives of sounds, in a folder of its own. */
async function reconstructed(out: string, ...words: string[]): Promise<Reconstructed & { readonly sounds: Float32Array[] }> {
  const { status, stdout, stderr } = await run('reconstruct', ...words, '--model', 'coder', '--out', out, '--json', '-q');
  expect({ status, stderr }).toEqual({ status: 0, stderr: '' });
  const result = JSON.parse(stdout) as Reconstructed;
  return { ...result, sounds: result.files.map((file) => readReferenceWav(join(cwd, file))) };
}

const organ = join('notes', 'audio', 'organ_acoustic_819-060-100.wav');
const reed = join('notes', 'audio', 'reed_acoustic_871-060-100.wav');

beforeAll(async () => {
  cwd = autoencoderFolder(scratch());
  const first = await run(...trainCoder, '--minutes', '0.0001');
  expect(JSON.parse(first.stdout), first.stderr).toMatchObject({ unit: 'clips', clips: 2, finished: false });
  const { stdout, stderr } = await run(...trainCoder);
  expect(JSON.parse(stdout), stderr).toMatchObject({ unit: 'clips', clips: 8, finished: true });
});

describe('an autoencoder', () => {
  it('has the same weights whether its training was stopped or not', async () => {
    const whole = await run(...trainCoder, '--runs', 'whole');
    expect(JSON.parse(whole.stdout), whole.stderr).toMatchObject({ clips: 8, finished: true });
    expect(weights('runs').length).toBeGreaterThan(1000);
    expect(weights('runs').equals(weights('whole'))).toBe(true);
  });

  it('leaves held-out notes beside what it makes of them, and a model that says what it takes', () => {
    const sounds = readdirSync(join(runOf('runs'), 'samples', 'stage-00')).filter((name) => name.endsWith('.wav'));
    expect(sounds.sort()).toEqual([
      expect.stringMatching(/^000-.*-original\.wav$/),
      expect.stringMatching(/^000-.*-reconstruction\.wav$/),
      expect.stringMatching(/^001-.*-original\.wav$/),
      expect.stringMatching(/^001-.*-reconstruction\.wav$/),
    ]);
    const manifest: unknown = JSON.parse(readFileSync(join(runOf('runs'), 'model', 'gansynth.json'), 'utf8'));
    expect(manifest).toMatchObject({
      family: 'wavenet',
      sampleRate: 16_000,
      network: { conditioning: { kind: 'frames', hop: 128, channels: 3, encoder: { layers: 2, cycle: 2, width: 4 } } },
    });
  });

  it.each([['generate'], ['scale'], ['interpolate'], ['evaluate', '--data', 'notes']])(
    'is told what it needs by gansynth %s',
    async (...words) => {
      const { status, stderr } = await run(...words, '--model', 'coder');
      expect(status).toBe(3);
      expect(stderr).toMatch(
        /model: expected a model that plays .* found an autoencoder.*gansynth reconstruct <sound> --model coder/,
      );
    },
  );

  it('has a report, also without sounds', async () => {
    expect(await run('report', 'coder')).toMatchObject({ status: 0 });
    expect(readFileSync(join(runOf('runs'), 'report.html'), 'utf8')).toContain('-reconstruction');
    rmSync(join(runOf('runs'), 'samples'), { recursive: true });
    const silent = await run('report', 'coder');
    expect(silent.status).toBe(0);
    expect(silent.stderr).toContain('plays no notes by itself');
  });
});

describe('gansynth reconstruct', () => {
  it('gives sounds as long as those given, the same for the same seed, alone or beside others', async () => {
    const { files, frames, sounds } = await reconstructed('both', organ, reed, '--seed', '4');
    expect(files).toEqual([join('both', `${basename(organ)}`), join('both', `${basename(reed)}`)]);
    const original = readReferenceWav(join(cwd, organ));
    expect(sounds[0]).toHaveLength(original.length);
    expect(frames[0]).toBe(Math.ceil(original.length / 128));
    const alone = await reconstructed('alone', reed, '--seed', '5');
    expect(alone.sounds[0]).toEqual(sounds[1]);
    expect((await reconstructed('one by one', organ, reed, '--seed', '4', '--batch', '1')).sounds).toEqual(sounds);
  });

  it('decodes with weights of another precision: other sounds, the same every time', async () => {
    const whole = await reconstructed('float32', organ);
    const rounded = await reconstructed('int8', organ, '--precision', 'int8');
    expect(rounded.sounds).not.toEqual(whole.sounds);
    expect((await reconstructed('again', organ, '--precision', 'int8')).sounds).toEqual(rounded.sounds);
    const { status, stderr } = await run('reconstruct', organ, '--model', 'coder', '--precision', 'int9');
    expect([status, stderr]).toEqual([2, expect.stringMatching(/float32, bfloat16, int8/)]);
  });

  it('writes a file for each sound, also where their names clash', async () => {
    for (const folder of ['x', 'y']) mkdirSync(join(cwd, folder));
    const paths = [join('x', 'a.wav'), 'a-2.wav', join('y', 'A.wav')];
    for (const path of paths) copyFileSync(join(cwd, reed), join(cwd, path));
    const { files, sounds } = await reconstructed('clash', ...paths);
    expect(files).toEqual(['a.wav', 'a-2.wav', 'A-3.wav'].map((file) => join('clash', file)));
    // Each of its own seed.
    expect(sounds).toEqual((await reconstructed('again', reed, reed, reed)).sounds);
  });

  it('reads the frames that it writes, and those with an axis more', async () => {
    const { sounds, frames } = await reconstructed('frames', reed, '--embeddings');
    const file = join('frames', basename(reed, '.wav'));
    const { shape, data } = parseNpy(readFileSync(join(cwd, `${file}.npy`)));
    expect(shape).toEqual([frames[0], 3]);
    writeFileSync(join(cwd, 'nested.npy'), encodeNpy({ shape: [1, ...shape], data: Float32Array.from(data, Number) }));
    const length = sounds[0]!.length;
    for (const npy of [`${file}.npy`, 'nested.npy'])
      expect((await reconstructed('again', npy)).sounds[0]!.subarray(0, length)).toEqual(sounds[0]);
    // Beside frames there is room for their sound, but not for other frames.
    expect((await reconstructed('frames', `${file}.npy`)).files).toEqual([`${file}.wav`]);
    const over = await run('reconstruct', `${file}.npy`, '--model', 'coder', '--out', 'frames', '--embeddings');
    expect(over).toMatchObject({ status: 2, stderr: expect.stringMatching(/\.npy is one of those given\. Name another/) });
  });

  it('mixes, fades and stretches', async () => {
    const { sounds } = await reconstructed('plain', organ, reed);
    expect((await reconstructed('first', organ, reed, '--mix', '1,0')).sounds).toEqual([sounds[0]]);
    const half = await reconstructed('half', organ, reed, '--mix');
    expect(half.files).toEqual([join('half', 'mix.wav')]);
    expect(half.sounds).toEqual((await reconstructed('weighed', organ, reed, '--mix', '0.5,0.5')).sounds);
    expect(half.sounds[0]).not.toEqual(sounds[0]);
    expect((await reconstructed('faded', organ, reed, '--cross-fade')).files).toEqual([join('faded', 'cross-fade.wav')]);
    const slow = await reconstructed('slow', organ, '--stretch', '1.5');
    expect(slow.sounds[0]).toHaveLength(Math.round(1.5 * sounds[0]!.length));
  });

  it('says what cannot be, before it computes', async () => {
    writeFileSync(join(cwd, 'wide.npy'), encodeNpy({ shape: [2, 16], data: new Float32Array(32) }));
    writeFileSync(join(cwd, 'nan.npy'), encodeNpy({ shape: [1, 3], data: Float32Array.of(0, Number.NaN, 0) }));
    const damaged = encodeWav(Float32Array.of(0, 0.5), 16_000, 'float32');
    new DataView(damaged.buffer, damaged.byteOffset).setFloat32(damaged.length - 4, Number.NaN, true);
    writeFileSync(join(cwd, 'nan.wav'), damaged);
    writeFileSync(join(cwd, 'silent.wav'), encodeWav(new Float32Array(0), 16_000));
    const cases: [string[], number, RegExp][] = [
      [['wide.npy'], 3, /wide.npy: .*expected numbers \[frames, 3\] \(or \[1, frames, 3\]\), found \[2,16\]/],
      [['nan.npy'], 3, /nan.npy: .*expected finite numbers, found NaN/],
      [['nan.wav'], 3, /nan.wav/],
      [['silent.wav'], 3, /silent.wav/],
      [['nowhere.wav'], 3, /nowhere.wav/],
      [['coder.json'], 3, /coder.json/],
      [[organ, '--mix'], 2, /expected two sounds or more to mix, found 1/],
      [[organ, reed, '--mix', '1,2,3'], 2, /expected 2 weights, one a sound, found 3 \(--mix 1,2,3\)/],
      [[organ, reed, '--mix', '--cross-fade'], 2, /expected one of --mix and --cross-fade/],
      [[organ, '--cross-fade'], 2, /expected two sounds to fade between, found 1/],
      [[organ, '--stretch', '0'], 2, /Expected a number above 0 to 1000, found "0"/],
      [[organ, '--out', join('notes', 'audio')], 2, /organ.*\.wav is one of those given\. Name another/],
      [[organ, '--model', 'mini'], 3, /expected an autoencoder: .*expected wavenet, found progressive-gan/],
    ];
    for (const [words, expected, message] of cases) {
      const named = words.includes('--model') ? [] : ['--model', 'coder'];
      const out = words.includes('--out') ? [] : ['--out', 'refused'];
      const { status, stderr } = await run('reconstruct', ...words, ...named, ...out, '-q');
      expect({ status, stderr }, words.join(' ')).toEqual({ status: expected, stderr: expect.stringMatching(message) });
    }
    expect(existsSync(join(cwd, 'refused'))).toBe(false);
  });
});

describe('gansynth figure interpolation --wavenet', () => {
  it('draws the three rows of figure 4', async () => {
    const words = ['figure', 'interpolation', '--model', 'mini', '--steps', '3', '-o', 'figure.svg', '-q'];
    const { status, stderr } = await run(...words, '--wavenet', 'coder');
    expect({ status, stderr }).toEqual({ status: 0, stderr: '' });
    const svg = readFileSync(join(cwd, 'figure.svg'), 'utf8');
    expect(svg.split('<image').length - 1).toBe(9);
    expect(svg).toContain("NSynth's autoencoder");
    const refused = await run(...words, '--wavenet', 'mini');
    expect([refused.status, refused.stderr]).toEqual([3, expect.stringMatching(/expected an autoencoder/)]);
  });
});

describe('gansynth interpolate --wavenet', () => {
  interface Interpolated {
    readonly model: string | null;
    readonly files: string[];
    readonly wholes: string[];
  }
  const interpolated = async (...words: string[]): Promise<Interpolated> => {
    const { status, stdout, stderr } = await run('interpolate', ...words, '--wavenet', 'coder', '--json', '-q');
    expect({ status, stderr }).toEqual({ status: 0, stderr: '' });
    return JSON.parse(stdout) as Interpolated;
  };

  it('makes the three rows of figure 4 of two latents', async () => {
    const { files, wholes } = await interpolated(
      '--steps',
      '3',
      '--pitches',
      'C4,D4',
      '--wave',
      '--model',
      'mini',
      '--out',
      'rows',
    );
    const steps = ['C4', 'D4'].flatMap((pitch) => [0, 1, 2].map((step) => `${pitch}-step-0${step}.wav`));
    const expected = ['latent', 'wave', 'autoencoder'].flatMap((row) => steps.map((name) => join('rows', row, name)));
    expect([...files].sort()).toEqual(expected.sort());
    expect([...wholes].sort()).toEqual(
      ['latent', 'wave', 'autoencoder'].flatMap((row) => ['C4', 'D4'].map((pitch) => join('rows', row, `${pitch}.wav`))).sort(),
    );
    const [latent, mixed] = ['latent', 'autoencoder'].map((row) => sound(join('rows', row, 'D4-step-02.wav')));
    expect(mixed).toHaveLength(latent!.length);
    expect(mixed).not.toEqual(latent);
    expect(mixed).not.toEqual(sound(join('rows', 'autoencoder', 'D4-step-00.wav')));
  });

  it('goes from one recording to another, its ends their reconstructions', async () => {
    const { model, files, wholes } = await interpolated(
      '--from',
      organ,
      '--to',
      reed,
      '--steps',
      '3',
      '--seed',
      '2',
      '--out',
      'sounds',
    );
    expect(model).toBeNull();
    expect(files).toEqual([0, 1, 2].map((step) => join('sounds', 'autoencoder', `step-0${step}.wav`)));
    expect(wholes).toEqual([join('sounds', 'autoencoder', 'all.wav')]);
    for (const [file, end] of [
      [files[0]!, organ],
      [files[2]!, reed],
    ] as const)
      expect(sound(file)).toEqual((await reconstructed('ends', end, '--seed', '2')).sounds[0]);
    const middle = await reconstructed('middle', organ, reed, '--mix', '0.5,0.5', '--seed', '2');
    expect(sound(files[1]!)).toEqual(middle.sounds[0]);
  });

  beforeAll(() => {
    const slow = join(cwd, 'slow');
    cpSync(join(runOf('runs'), 'model'), slow, { recursive: true });
    const manifest = JSON.parse(readFileSync(join(slow, 'gansynth.json'), 'utf8')) as object;
    writeFileSync(join(slow, 'gansynth.json'), JSON.stringify({ ...manifest, sampleRate: 8000 }));
  });

  it.each<[string, string[], number, RegExp]>([
    ['an autoencoder of another rate', ['--wavenet', 'slow'], 3, /slow: expected an autoencoder of sounds of 16000 Hz.*of 8000/],
    [
      'a sound and a latent',
      ['--from', organ, '--to', '1', '--wavenet', 'coder'],
      2,
      /two sounds or two latents, found one of each/,
    ],
    ['sounds and no way between them', ['--from', organ, '--to', reed], 2, /Name an autoencoder \(--wavenet <model>\)/],
    ['a model that is no autoencoder', ['--wavenet', 'mini'], 3, /expected an autoencoder: .*found progressive-gan/],
    ['a recording that is not there', ['--from', 'no.wav', '--to', reed, '--wavenet', 'coder'], 3, /no\.wav/],
  ])('refuses %s', async (_, words, expected, message) => {
    const { status, stderr } = await run('interpolate', ...words, '--out', 'refused', '-q');
    expect({ status, stderr }).toEqual({ status: expected, stderr: expect.stringMatching(message) });
    expect(existsSync(join(cwd, 'refused'))).toBe(false);
  });
});
