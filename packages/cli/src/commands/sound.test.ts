import { once } from 'node:events';
import { cpSync, existsSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { basename, join } from 'node:path';
import { readReferenceWav } from '@gansynth/test-kit';
import { beforeAll, describe, expect, it } from 'vitest';
import { inProcess } from '../test-support/in-process.js';
import { gansynth } from '../test-support/packed.js';
import { trainedFolder, withSmoke } from '../test-support/trained.js';

let cwd: string;
beforeAll(async () => {
  cwd = await trainedFolder();
});

const run = (...words: string[]): ReturnType<typeof withSmoke> => withSmoke(cwd, ...words);
const audio = (file: string): Float32Array => readReferenceWav(join(cwd, file));

// Quarter notes C4, E4, G4 at 120 a minute.
const track = [60, 64, 67].flatMap((pitch) => [0, 0x90, pitch, 100, 0x60, 0x80, pitch, 0]).concat(0, 0xff, 0x2f, 0);
const song = Buffer.from([
  ...Buffer.from('MThd'),
  0,
  0,
  0,
  6,
  0,
  0,
  0,
  1,
  0,
  96,
  ...Buffer.from('MTrk'),
  0,
  0,
  0,
  track.length,
  ...track,
]);

describe('gansynth generate', () => {
  it('gives the same notes for the same seed, and latents to use again', async () => {
    const { files } = await run('generate', '--pitches', 'C4,E4', '--count', '2', '--seed', '5');
    expect(files).toHaveLength(4);
    const again = await run('generate', '--pitches', 'C4,E4', '--latents', 'generated/latents.json', '-o', 'again');
    for (const [i, file] of files.entries()) expect(audio(again.files[i]!)).toEqual(audio(file));
    expect(audio(files[0]!)).toHaveLength(4000);
    expect(audio(files[0]!)).not.toEqual(audio(files[1]!));
  });

  it('plays every note at each velocity, of a model that has learned some', async () => {
    const run = readdirSync(join(cwd, 'runs')).find((name) => name.startsWith('smoke'))!;
    cpSync(join(cwd, 'runs', run, 'model'), join(cwd, 'struck'), { recursive: true });
    const manifest = join(cwd, 'struck', 'gansynth.json');
    const json = JSON.parse(readFileSync(manifest, 'utf8')) as { network: Record<string, unknown> };
    json.network['attributes'] = [{ name: 'velocity', levels: 2, velocities: [30, 90] }];
    writeFileSync(manifest, JSON.stringify(json));
    const words = ['generate', '--pitches', 'C4', '--count', '1', '--velocities', '30,90'];
    const { status, stdout, stderr } = await gansynth([...words, '--model', 'struck', '-o', 'hard', '--json', '-q'], { cwd });
    expect({ status, stderr }).toEqual({ status: 0, stderr: '' });
    const { files } = JSON.parse(stdout) as { files: string[] };
    expect(files.map((file) => basename(file))).toEqual(['timbre-000-060-C4-v030.wav', 'timbre-000-060-C4-v090.wav']);
    expect(audio(files[0]!)).not.toEqual(audio(files[1]!));
    const unknown = await gansynth([...words, '--model', 'smoke', '-o', 'none'], { cwd });
    expect(unknown.status).toBe(2);
    expect(unknown.stderr).toMatch(/--velocities: expected a model that has learned notes of several velocities, found .*smoke/);
  });

  it('draws pitches as they occurred in training when none is named', async () => {
    const { files } = await run('generate', '--count', '3', '-o', 'drawn', '--row', 'row.wav');
    expect(files).toHaveLength(3);
    expect(audio('row.wav')).toHaveLength(3 * 4000);
    for (const file of files) expect(Number(/-(\d{3})-[A-G]/.exec(file)?.[1])).toBeGreaterThanOrEqual(60);
  });

  it('makes its share of the notes on each of several machines', async () => {
    const words = ['generate', '--pitches', 'C4,D4,E4', '--count', '1', '-o', 'shards'];
    const shares = [await run(...words, '--shard', '0/2'), await run(...words, '--shard', '1/2')];
    expect(shares.map(({ files }) => files.length)).toEqual([2, 1]);
    const { files: whole } = await run('generate', '--pitches', 'C4,D4,E4', '--count', '1', '-o', 'undivided');
    expect(readdirSync(join(cwd, 'shards')).sort()).toEqual(['.shares', ...readdirSync(join(cwd, 'undivided'))].sort());
    for (const file of whole) {
      expect(readFileSync(join(cwd, file.replace('undivided', 'shards'))).equals(readFileSync(join(cwd, file)))).toBe(true);
    }
  });

  it('does a share once, again when a note of it is gone, and never beside one of another division or work', async () => {
    const words = ['generate', '--pitches', 'C4,D4', '--count', '1', '-o', 'once', '--model', 'smoke', '-q'];
    const { files } = await run(...words, '--shard', '1/2');
    const file = join(cwd, files[0]!);
    writeFileSync(file, 'touched');
    expect((await run(...words, '--shard', '1/2')).files).toEqual(files);
    expect(readFileSync(file, 'utf8')).toBe('touched');
    rmSync(file);
    await run(...words, '--shard', '1/2');
    expect(audio(files[0]!)).toHaveLength(4000);

    const divided = await gansynth([...words, '--shard', '0/3'], { cwd });
    expect(divided).toMatchObject({ status: 2 });
    expect(divided.stderr).toMatch(/once: expected shares of 3, found share 1 of 2 there\. Write to another folder/);
    const other = await gansynth([...words, '--seed', '9', '--shard', '0/2'], { cwd });
    expect(other).toMatchObject({ status: 2 });
    expect(other.stderr).toMatch(/expected shares of the same work, found share 1 of another one/);
  });

  it('asks which share is meant where the scheduler does not say', async () => {
    const words = ['generate', '--pitches', 'C4', '--count', '1', '-o', 'asked', '--model', 'smoke', '-q'];
    const array = { SLURM_ARRAY_TASK_ID: '2', SLURM_ARRAY_TASK_MIN: '2', SLURM_ARRAY_TASK_MAX: '2', SLURM_ARRAY_TASK_COUNT: '1' };
    const { status, stderr } = await gansynth(words, { cwd, env: array });
    expect(status).toBe(2);
    expect(stderr).toMatch(/found SLURM_ARRAY_TASK_ID 2 without that.*--shard 2\/4/);
    expect(readdirSync(cwd)).not.toContain('asked');
  });

  it.each([
    ['a pitch it does not know', ['--model', 'smoke', '--pitches', '30'], 2, /48 to 72 \(C3 to C5\)/],
    ['a model that is not there', ['--model', 'nothing'], 3, /There is smoke-/],
    [
      'an instrument of a model that knows none',
      ['--model', 'smoke', '--instruments', 'flute'],
      2,
      /trained to tell instruments apart/,
    ],
    ['latents of another model', ['--model', 'smoke', '--latents', 'bad.json'], 3, /3 numbers: another model's/],
  ])('refuses %s', async (_what, words, expected, message) => {
    writeFileSync(join(cwd, 'bad.json'), JSON.stringify({ format: 'gansynth-latents', latents: [[1, 2, 3]] }));
    const { status, stderr } = await gansynth(['generate', ...words], { cwd });
    expect(status).toBe(expected);
    expect(stderr).toMatch(message);
  });

  it.each([
    ['an empty name of a model', ['--model', ''], 3, /an empty name: expected a run/],
    ['a run that is not there, though there is one', ['--model', 'typo/'], 3, /typo\/: expected a run, found none/],
    ['a run of another group of recipes', ['--model', 'foo/smoke'], 3, /foo\/smoke: expected a run, found none/],
    ['a file where a folder is to be', ['--model', 'smoke', '-o', 'bad.json'], 2, /bad.json: expected a folder to write into/],
    ['a folder of real notes', ['--model', 'smoke', '-o', 'notes'], 2, /notes: expected a folder of its own, found a collection/],
    ['a file of no latents', ['--model', 'smoke', '--latents', 'none.json'], 3, /expected latents .*found none/],
    [
      'a precision for what is no WaveNet',
      ['--model', 'smoke', '--precision', 'int8'],
      2,
      /expected a WaveNet to draw with .* int8/,
    ],
    ['a share of notes that is empty', ['--model', 'smoke', '--count', '2', '--shard', '5/8'], 2, /none is left for this one/],
    [
      'more notes than anybody waits for',
      ['--model', 'smoke', '-n', '100000', '-p', '50-61'],
      2,
      /at most 1000000 notes at once, found 1200000/,
    ],
  ])('refuses %s, and leaves nothing', async (_what, words, expected, message) => {
    writeFileSync(join(cwd, 'none.json'), JSON.stringify({ format: 'gansynth-latents', latents: [] }));
    writeFileSync(join(cwd, 'bad.json'), '{}');
    const before = readdirSync(cwd, { recursive: true }).length;
    const { status, stderr } = await inProcess(['generate', '-o', 'elsewhere', ...words], { cwd });
    expect({ status, stderr }).toEqual({ status: expected, stderr: expect.stringMatching(message) });
    expect(readdirSync(cwd, { recursive: true })).toHaveLength(before);
  });

  it('plays what is published: an installed npm package, a URL', async () => {
    const model = join(cwd, 'runs', readdirSync(join(cwd, 'runs'))[0]!, 'model');
    const installed = join(cwd, 'node_modules/@somebody/notes');
    cpSync(model, installed, { recursive: true });
    writeFileSync(join(installed, 'package.json'), JSON.stringify({ name: '@somebody/notes', version: '1.0.0' }));
    const server = createServer((request, response) => {
      const file = join(model, basename(request.url ?? ''));
      if (existsSync(file)) response.end(readFileSync(file));
      else response.writeHead(404).end();
    });
    await once(server.listen(0, '127.0.0.1'), 'listening');
    const { port } = server.address() as AddressInfo;
    try {
      const heard = [];
      for (const [to, name] of ['smoke', '@somebody/notes', `http://127.0.0.1:${port}/`].entries()) {
        const words = ['generate', '-p', 'C4', '-n', '1', '-o', `published-${to}`, '--model', name, '--json', '-q'];
        const { status, stdout, stderr } = await gansynth(words, { cwd });
        expect({ status, stderr }).toEqual({ status: 0, stderr: '' });
        heard.push(...(JSON.parse(stdout) as { files: string[] }).files.map(audio));
      }
      expect(heard).toHaveLength(3);
      expect(heard[1]).toEqual(heard[0]);
      expect(heard[2]).toEqual(heard[0]);
    } finally {
      server.close();
    }
    const { status, stderr } = await gansynth(['generate', '--model', '@nobody/notes'], { cwd });
    expect({ status, stderr }).toEqual({ status: 3, stderr: expect.stringMatching(/@nobody\/notes: expected .*npm package/) });
  });

  it('refuses a damaged model and says which file', async () => {
    const model = join(cwd, 'runs', readdirSync(join(cwd, 'runs'))[0]!, 'model');
    const copy = join(cwd, 'damaged');
    cpSync(model, copy, { recursive: true });
    const shard = readdirSync(copy).find((name) => name.endsWith('.bin'))!;
    const bytes = readFileSync(join(copy, shard));
    bytes.writeUInt8(bytes[100]! ^ 1, 100);
    writeFileSync(join(copy, shard), bytes);
    const { status, stderr } = await gansynth(['generate', '--model', 'damaged'], { cwd });
    expect(status).toBe(3);
    expect(stderr).toContain(shard);
  });
});

describe('gansynth interpolate', () => {
  it('goes from one latent to the other, and through the air beside it', async () => {
    const words = ['--from', '1', '--to', '2', '--steps', '3', '--wave', '--seconds', '0.1'];
    const { files, wholes } = await run('interpolate', ...words);
    expect(files).toHaveLength(6);
    expect((wholes as string[]).map((file) => audio(file).length)).toEqual([4800, 4800]);
    const [latent, wave] = ['latent', 'wave'].map((kind) => files.filter((file) => file.includes(kind)));
    expect(audio(wave![0]!)).toEqual(audio(latent![0]!));
    expect(audio(wave![2]!)).toEqual(audio(latent![2]!));
    expect(audio(wave![1]!)).not.toEqual(audio(latent![1]!));
  });
});

describe('gansynth scale', () => {
  it('plays one latent over the range of the model', async () => {
    const { files, whole } = await run('scale', '--step', '12', '--seconds', '0.2');
    expect(files).toHaveLength(3);
    expect(audio(whole as string)).toHaveLength(3 * 3200);
  });
});

describe('gansynth midi', () => {
  it('renders a song below full scale', async () => {
    writeFileSync(join(cwd, 'song.mid'), song);
    const found = await run('midi', 'song.mid');
    expect(found).toMatchObject({ file: 'song.wav', notes: 3, leftOut: 0, instruments: 2 });
    const mix = audio('song.wav');
    expect(mix.every((value) => Math.abs(value) <= 1)).toBe(true);
    expect(mix.some((value) => Math.abs(value) > 0.1)).toBe(true);
  });

  it('transposes by whole semitones only', async () => {
    writeFileSync(join(cwd, 'song.mid'), song);
    const { status, stderr } = await gansynth(['midi', 'song.mid', '--model', 'smoke', '--transpose', 'abc'], { cwd });
    expect({ status, stderr }).toEqual({
      status: 2,
      stderr: expect.stringContaining('a whole number from -127 to 127, found "abc"') as string,
    });
  });

  it('refuses what is no song, and writes nothing', async () => {
    writeFileSync(join(cwd, 'bad.mid'), song.subarray(0, 30));
    const { status, stderr } = await gansynth(['midi', 'bad.mid', '--model', 'smoke'], { cwd });
    expect(status).toBe(3);
    expect(stderr).toContain('bad.mid');
    expect(existsSync(join(cwd, 'bad.wav'))).toBe(false);
  });
});
