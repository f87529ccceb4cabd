import { existsSync, mkdirSync, readdirSync, readFileSync, truncateSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeAll, describe, expect, it } from 'vitest';
import { gansynth, scratch, start } from '../test-support/packed.js';
import { demoNotes, trainedFolder } from '../test-support/trained.js';

const train = ['train', 'mini/smoke', '--data', 'notes', '--images', '24'];

const runOf = (folder: string): string => join(folder, 'runs', readdirSync(join(folder, 'runs'))[0]!);

/** The last checkpoint's tensors, as bytes. */
function lastCheckpoint(folder: string): Buffer {
  const checkpoints = join(runOf(folder), 'checkpoints');
  const newest = join(checkpoints, readdirSync(checkpoints).sort().at(-1)!);
  expect(newest).toContain('24');
  return Buffer.concat(
    readdirSync(newest)
      .sort()
      .filter((name) => !name.endsWith('.json'))
      .map((name) => readFileSync(join(newest, name))),
  );
}

describe('gansynth train', () => {
  let straight: string;
  beforeAll(async () => {
    straight = await trainedFolder();
  });

  it('leaves recipe, environment, checkpoints, log, samples and a model', () => {
    const run = runOf(straight);
    for (const name of [
      'recipe.json',
      'environment.json',
      'data.json',
      'checkpoints',
      'log/log.jsonl',
      'samples/stage-00',
      'model/gansynth.json',
    ]) {
      expect(existsSync(join(run, name)), name).toBe(true);
    }
    expect(readdirSync(join(run, 'log')).some((name) => name.includes('tfevents'))).toBe(true);
    expect(existsSync(join(run, 'lock.json'))).toBe(false);
  });

  it('stops at Ctrl-C with everything saved, refuses a second process meanwhile, and goes on to the same weights', async () => {
    const folder = scratch();
    demoNotes(folder);
    const { child, finished } = start(train, { cwd: folder });
    await new Promise<void>((resolve) => {
      child.stderr?.on('data', (text: string) => text.includes('stage 0') && resolve());
    });
    // It waits meanwhile, or it would have finished on a machine that is fast enough.
    child.kill('SIGSTOP');
    const second = await gansynth(train, { cwd: folder });
    child.kill('SIGINT');
    child.kill('SIGCONT');
    const { status, stderr } = await finished;
    expect(second.status).toBe(5);
    expect(second.stderr).toContain(`found process ${child.pid}`);
    expect(status).toBe(130);
    expect(stderr).toContain('saving, then stopping');
    const resumed = await gansynth([...train, '--json'], { cwd: folder });
    expect(JSON.parse(resumed.stdout)).toMatchObject({ images: 24, finished: true });
    expect(lastCheckpoint(folder).equals(lastCheckpoint(straight))).toBe(true);
  });

  it('goes on after being killed, and past a checkpoint that was damaged', async () => {
    const folder = scratch();
    demoNotes(folder);
    // Saved at every step, so that there is more than one checkpoint to choose from.
    const smoke = JSON.parse(readFileSync(new URL('../../recipes/mini/smoke.json', import.meta.url), 'utf8')) as object;
    writeFileSync(join(folder, 'often.json'), JSON.stringify({ ...smoke, saving: { samples: 2, everySeconds: 0.001 } }));
    const train = ['train', 'often.json', '--data', 'notes', '--images', '24'];
    const { child, finished } = start(train, { cwd: folder });
    await new Promise<void>((resolve) => {
      child.stderr?.on('data', (text: string) => text.includes('stage 1') && resolve());
    });
    child.kill('SIGKILL');
    expect(await finished).toMatchObject({ status: null });
    const checkpoints = join(runOf(folder), 'checkpoints');
    const saved = readdirSync(checkpoints).sort();
    expect(saved.length).toBeGreaterThan(1);
    const newest = join(checkpoints, saved.at(-1)!);
    const file = readdirSync(newest).find((name) => !name.endsWith('.json'))!;
    truncateSync(join(newest, file), 10);
    const resumed = await gansynth(train, { cwd: folder });
    expect(resumed.status).toBe(0);
    expect(lastCheckpoint(folder).equals(lastCheckpoint(straight))).toBe(true);
  });

  it('leaves nothing where the disk has no room for a lock, and starts when it has', async () => {
    const folder = scratch();
    demoNotes(folder);
    // No file may have a byte, as on a full disk.
    const full = await gansynth(train, { cwd: folder, limit: 'ulimit -f 0' });
    expect(full).toMatchObject({ status: 4, stderr: expect.stringContaining('lock.json') });
    expect(readdirSync(join(folder, 'runs'))).toEqual([]);
  });

  it('clears away what a process that was killed while it saved has left', async () => {
    const folder = await trainedFolder();
    const left = join(runOf(folder), '.model.3f1c2b1e-0000-4000-8000-0123456789ab');
    mkdirSync(left);
    writeFileSync(join(left, 'model.json'), '');
    expect((await gansynth(train, { cwd: folder })).status).toBe(0);
    expect(existsSync(left)).toBe(false);
  });

  it('renders notes at each save, and keeps those of the newest', async () => {
    const folder = scratch();
    demoNotes(folder);
    const recipe = {
      ...(JSON.parse(readFileSync(new URL('../../recipes/mini/smoke.json', import.meta.url), 'utf8')) as object),
      name: 'often',
    };
    writeFileSync(
      join(folder, 'often.json'),
      JSON.stringify({ ...recipe, saving: { everySeconds: 0.001, keep: 2, samples: 1 } }),
    );
    const { status, stderr } = await gansynth(['train', 'often.json', '--data', 'notes', '--images', '48', '-q'], {
      cwd: folder,
    });
    expect(status, stderr).toBe(0);
    const samples = readdirSync(join(runOf(folder), 'samples')).sort();
    const onTheWay = samples.filter((name) => name.startsWith('images-'));
    expect(onTheWay).toHaveLength(2);
    expect(samples.filter((name) => name.startsWith('stage-')).length).toBeGreaterThan(1);
    for (const name of onTheWay) expect(readdirSync(join(runOf(folder), 'samples', name))).toHaveLength(2);
  });

  it('refuses to go on with other notes', async () => {
    const folder = await trainedFolder();
    const examples = join(folder, 'notes', 'examples.json');
    const notes = Object.entries(JSON.parse(readFileSync(examples, 'utf8')) as Record<string, object>).slice(0, 20);
    writeFileSync(examples, JSON.stringify(Object.fromEntries(notes)));
    const { status, stderr } = await gansynth(train, { cwd: folder });
    expect(status).toBe(3);
    expect(stderr).toContain('training notes this run began with');
  });

  it('trains a model that tells instruments apart, on notes of no others', async () => {
    const folder = scratch();
    demoNotes(folder);
    const recipe = (name: string, instruments: string[]): void => {
      const smoke = JSON.parse(readFileSync(new URL('../../recipes/mini/smoke.json', import.meta.url), 'utf8')) as {
        model: object;
        training: object;
      };
      const own = { ...smoke, name, model: { ...smoke.model, instruments }, training: { ...smoke.training, l1: 10 } };
      writeFileSync(join(folder, `${name}.json`), JSON.stringify(own));
    };
    recipe('two', ['mallet_acoustic_812', 'organ_acoustic_819']);
    const refused = await gansynth(['train', 'two.json', '--data', 'notes', '--images', '24'], { cwd: folder });
    expect(refused.status).toBe(3);
    expect(refused.stderr).toMatch(
      /expected a note of one of the recipe's 2 instruments \(model.instruments\), found reed_acoustic_871/,
    );

    recipe('three', ['mallet_acoustic_812', 'organ_acoustic_819', 'reed_acoustic_871']);
    const trained = await gansynth(['train', 'three.json', '--data', 'notes', '--images', '24', '-q'], { cwd: folder });
    expect(trained).toMatchObject({ status: 0, stderr: '' });
    const words = [
      'generate',
      '--model',
      'three',
      '--instruments',
      'reed,mallet',
      '--count',
      '1',
      '--pitches',
      'C4',
      '-q',
      '-o',
      'played',
    ];
    expect(await gansynth(words, { cwd: folder })).toMatchObject({ status: 0, stderr: '' });
    expect(JSON.parse(readFileSync(join(folder, 'played', 'latents.json'), 'utf8'))).toMatchObject({
      instruments: ['reed_acoustic_871', 'mallet_acoustic_812'],
    });
  });

  it('trains a WaveGAN, counted in clips, and goes on with it', async () => {
    const folder = scratch();
    demoNotes(folder);
    const recipe = {
      name: 'clips',
      data: { samples: 16_000, filter: { pitches: [60, 63] } },
      representation: { kind: 'waveform' },
      normaliser: { kind: 'none' },
      model: { family: 'wavegan', dim: 1, samples: 16_384, phaseShuffle: 0 },
      training: { totalImages: 8, batchSize: 2, criticSteps: 2 },
      saving: { samples: 1, everySeconds: 0.001 },
    };
    writeFileSync(join(folder, 'clips.json'), JSON.stringify(recipe));
    const words = ['train', 'clips.json', '--data', 'notes', '--json'];
    const first = await gansynth([...words, '--minutes', '0.0001'], { cwd: folder });
    expect(JSON.parse(first.stdout), first.stderr).toMatchObject({ unit: 'clips', clips: 4, finished: false });
    const { stdout, stderr } = await gansynth(words, { cwd: folder });
    expect(JSON.parse(stdout), stderr).toMatchObject({ unit: 'clips', clips: 8, steps: 2, finished: true });
    expect(stderr).toContain('going on at 4 clips, stage 0');
    expect(readdirSync(join(runOf(folder), 'samples')).sort()).toEqual(expect.arrayContaining(['clips-000000004', 'stage-00']));
    const report = await gansynth(['report', 'clips'], { cwd: folder });
    expect(report).toMatchObject({ status: 0 });
    expect(readFileSync(join(runOf(folder), 'report.html'), 'utf8')).toMatch(/clips seen[^0-9]*8 of 8/);
  });

  it('trains a WaveNet by pieces of notes, goes on with it, and plays and reports it', async () => {
    const folder = scratch();
    demoNotes(folder);
    const recipe = {
      name: 'net',
      data: { samples: 2048, filter: { pitches: [60, 63] } },
      model: {
        family: 'wavenet',
        layers: 3,
        cycle: 3,
        width: 4,
        skipWidth: 4,
        pitch: { hop: 64, heldSamples: 1024, width: 4, dilations: [2], plainLayers: 1 },
      },
      training: { totalClips: 8, batchSize: 2, cropSamples: 256 },
      saving: { samples: 2, everySeconds: 0.001 },
    };
    writeFileSync(join(folder, 'net.json'), JSON.stringify(recipe));
    const words = ['train', 'net.json', '--data', 'notes', '--json'];
    const first = await gansynth([...words, '--minutes', '0.0001'], { cwd: folder });
    expect(JSON.parse(first.stdout), first.stderr).toMatchObject({ unit: 'clips', clips: 2, finished: false });
    const { stdout, stderr } = await gansynth(words, { cwd: folder });
    expect(JSON.parse(stdout), stderr).toMatchObject({ unit: 'clips', clips: 8, finished: true });
    expect(readdirSync(join(runOf(folder), 'samples', 'stage-00')).filter((name) => name.endsWith('.wav'))).toHaveLength(2);
    const played = await gansynth(['generate', '--model', 'net', '-p', 'C4', '--count', '2', '--json'], { cwd: folder });
    expect(JSON.parse(played.stdout), played.stderr).toMatchObject({ files: [expect.any(String), expect.any(String)] });
    expect(await gansynth(['report', 'net'], { cwd: folder })).toMatchObject({ status: 0 });
    expect(readFileSync(join(runOf(folder), 'report.html'), 'utf8')).toContain('loss, nats a sample');
    const sound = join('notes', 'audio', 'reed_acoustic_871-060-100.wav');
    const projected = await gansynth(['project', sound, '--model', 'net'], { cwd: folder });
    expect(projected.stderr).toMatch(/project: expected a model of progressive-gan, found one of wavenet/);
  });

  it.each([
    ['notes that are not there', ['train', 'mini/smoke', '--data', 'nowhere'], 3, /expected notes, found no such/],
    ['no notes named', ['train', 'mini/smoke'], 2, /Try --data/],
    ['a recipe that is not there', ['train', 'mini/smok', '--data', '.'], 3, /Did you mean "mini\/smoke"/],
    ['a backend that does not run', ['train', 'mini/smoke', '--data', '.', '--backend', 'webgpu'], 4, /npm install webgpu/],
  ])('says what to do about %s', async (_what, words, expected, message) => {
    const { status, stderr } = await gansynth(words);
    expect({ status, stderr }).toEqual({ status: expected, stderr: expect.stringMatching(message) });
  });
});
