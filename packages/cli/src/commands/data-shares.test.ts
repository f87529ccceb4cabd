import { cpSync, existsSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { openDataset } from '@gansynth/nsynth-data';
import { BasicSoundBank } from 'spessasynth_core';
import { afterEach, beforeAll, describe, expect, it, vi } from 'vitest';
import { inProcess } from '../test-support/in-process.js';
import { scratch } from '../test-support/packed.js';
import { demoNotes } from '../test-support/trained.js';

let cwd: string;
beforeAll(() => {
  cwd = scratch();
  demoNotes(cwd);
});
afterEach(() => void vi.unstubAllEnvs());

const run = async (...words: string[]): Promise<Record<string, unknown>> => {
  const { status, stdout, stderr } = await inProcess([...words, '--json', '-q'], { cwd });
  expect({ status, stderr }).toEqual({ status: 0, stderr: '' });
  return JSON.parse(stdout) as Record<string, unknown>;
};
const shards = (folder: string): string[] => readdirSync(join(cwd, folder)).filter((name) => name.includes('tfrecord'));
const bytes = (folder: string): Buffer =>
  Buffer.concat(
    shards(folder)
      .sort()
      .map((name) => readFileSync(join(cwd, folder, name))),
  );

describe('gansynth data convert', () => {
  it('writes the same records undivided and in shards, whose number their names tell', async () => {
    expect(await run('data', 'convert', 'notes', '--to', 'whole')).toMatchObject({
      file: 'whole/notes.tfrecord',
      notes: 39,
      missing: [],
    });
    for (const of of [2, 3]) {
      const to = `in-${of}`;
      for (let index = of - 1; index >= 0; index--) {
        const { missing } = await run('data', 'convert', 'notes', '--to', to, '--shard', `${index}/${of}`);
        expect(missing).toEqual(Array.from({ length: index }, (_, other) => other));
        if (index === 0) continue;
        const { status, stderr } = await inProcess(['data', 'inspect', to], { cwd });
        expect([status, stderr]).toEqual([
          3,
          expect.stringMatching(new RegExp(`expected ${of} shards, found .*notes.tfrecord-00000-of-0000${of}`)),
        ]);
      }
      expect(bytes(to).equals(bytes('whole'))).toBe(true);
    }
    const [source, divided] = [await openDataset(join(cwd, 'notes')), await openDataset(join(cwd, 'in-3'))];
    expect([...divided.listing()]).toEqual([...source.listing()]);
    for (const at of [0, 17, 38]) expect((await divided.note(at)).audio.data).toEqual((await source.note(at)).audio.data);
    await Promise.all([source.close(), divided.close()]);
  });

  it('makes one collection of several, undivided and in shards', async () => {
    const [all, ids] = await openDataset(join(cwd, 'notes')).then(async (dataset) => {
      const listed = [...dataset.listing()];
      await dataset.close();
      return [listed, listed.map(({ id }) => id)] as const;
    });
    for (const [name, from, to] of [
      ['low', 0, 20],
      ['high', 20, 39],
    ] as const) {
      cpSync(join(cwd, 'notes'), join(cwd, name), { recursive: true });
      rmSync(join(cwd, name, 'nsynth-index.bin'), { force: true });
      const file = join(cwd, name, 'examples.json');
      const examples = JSON.parse(readFileSync(file, 'utf8')) as Record<string, unknown>;
      writeFileSync(file, JSON.stringify(Object.fromEntries(ids.slice(from, to).map((id) => [id, examples[id]]))));
    }
    expect(await run('data', 'convert', 'low', 'high', '--to', 'joined')).toMatchObject({ notes: 39 });
    for (const shard of ['0/3', '1/3', '2/3'])
      await run('data', 'convert', 'low', 'high', '--to', 'joined-in-3', '--shard', shard);
    expect(bytes('joined-in-3').equals(bytes('joined'))).toBe(true);
    const joined = await openDataset(join(cwd, 'joined'));
    expect([...joined.listing()]).toEqual(all);
    await joined.close();
    const twice = await inProcess(['data', 'convert', 'low', 'notes', '--to', 'twice', '-q'], { cwd });
    expect([twice.status, twice.stderr]).toEqual([
      3,
      expect.stringMatching(/expected each note once, found it in low and in notes\. Of two SoundFonts, render other velocities/),
    ]);
    expect(existsSync(join(cwd, 'twice'))).toBe(false);
  });

  it('writes a shard once, and none of another division beside it', async () => {
    await run('data', 'convert', 'notes', '--to', 'once', '--shard', '1/2');
    const [shard] = shards('once');
    const { mtimeMs } = statSync(join(cwd, 'once', shard!));
    const again = await inProcess(['data', 'convert', 'notes', '--to', 'once', '--shard', '1/2', '-q'], { cwd });
    expect(again).toMatchObject({
      status: 0,
      stdout: expect.stringMatching(/00001-of-00002: 20 notes, as before; once is whole when .*: 0\/2/),
    });
    expect(statSync(join(cwd, 'once', shard!)).mtimeMs).toBe(mtimeMs);
    for (const words of [['--shard', '0/3'], []]) {
      const other = await inProcess(['data', 'convert', 'notes', '--to', 'once', ...words], { cwd });
      expect(other).toMatchObject({
        status: 2,
        stderr: expect.stringMatching(/expected shares of \d, found share 1 of 2 there/),
      });
    }
    rmSync(join(cwd, 'once', shard!));
    await run('data', 'convert', 'notes', '--to', 'once', '--shard', '1/2');
    expect(shards('once')).toEqual([shard]);
    const none = await inProcess(['data', 'convert', 'notes', '--to', 'none', '--shard', '7/100'], { cwd });
    expect(none).toMatchObject({ status: 2, stderr: expect.stringMatching(/found 39 for 100\. Take fewer shards/) });
  });
});

/** Of a Slurm array of two. */
const task = (id: number): void => {
  for (const [name, value] of Object.entries({ ID: id, MIN: 0, MAX: 1, COUNT: 2 }))
    vi.stubEnv(`SLURM_ARRAY_TASK_${name}`, `${value}`);
};

describe('gansynth data import', () => {
  it('is divided by an array of tasks, of which the last makes the collection', async () => {
    const words = ['data', 'import', 'notes/audio', '--seconds', '0.25', '--rate', '8000'];
    await run(...words, '--to', 'imported');
    task(1);
    const { status, stdout } = await inProcess([...words, '--to', 'tasks'], { cwd });
    expect([status, stdout]).toEqual([
      0,
      'share 1/2: 19 sounds; tasks becomes a collection when the other shares are done: 0/2\n',
    ]);
    task(0);
    expect(await run(...words, '--to', 'tasks')).toMatchObject({ imported: 39, refused: 0 });
    vi.unstubAllEnvs();
    for (const name of ['examples.json', 'import-report.json']) {
      expect(readFileSync(join(cwd, 'tasks', name)).equals(readFileSync(join(cwd, 'imported', name)))).toBe(true);
    }
    const [one, other] = [
      await openDataset(join(cwd, 'tasks'), { sampleRate: 8000 }),
      await openDataset(join(cwd, 'imported'), { sampleRate: 8000 }),
    ];
    expect(one.fingerprint).toBe(other.fingerprint);
    await Promise.all([one.close(), other.close()]);
    vi.stubEnv('SLURM_ARRAY_TASK_ID', '1');
    const unclear = await inProcess([...words, '--to', 'unclear'], { cwd });
    expect([unclear.status, unclear.stderr]).toEqual([2, expect.stringMatching(/--shard 2\/4 for the third of four/)]);
  });
});

describe('gansynth data render', () => {
  it('is divided too: the last share makes the collection', async () => {
    writeFileSync(join(cwd, 'saw.sf2'), Buffer.from(await BasicSoundBank.getSampleSoundBankFile()));
    const words = ['data', 'render', 'saw.sf2', '-p', '60-64', '--velocities', '1,100', '--seconds', '0.1', '--release', '0.1'];
    const whole = await run(...words, '--to', 'rendered');
    const { status, stdout } = await inProcess([...words, '--to', 'parts', '--shard', '0/3'], { cwd });
    expect([status, stdout]).toEqual([
      0,
      'share 0/3 is done; parts becomes a collection when the other shares are done: 1/3, 2/3\n',
    ]);
    const unfinished = await inProcess(['data', 'inspect', 'parts'], { cwd });
    expect([unfinished.status, unfinished.stderr]).toEqual([
      3,
      expect.stringMatching(/shares of a collection that is not whole/),
    ]);
    expect(await run(...words, '--to', 'parts', '--shard', '2/3')).toMatchObject({ missing: [1] });
    expect(await run(...words, '--to', 'parts', '--shard', '1/3')).toEqual({ ...whole, folder: 'parts' });
    for (const name of ['examples.json', ...readdirSync(join(cwd, 'rendered', 'audio')).map((sound) => join('audio', sound))])
      expect(readFileSync(join(cwd, 'parts', name)).equals(readFileSync(join(cwd, 'rendered', name))), name).toBe(true);
  });
});
