import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, truncateSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import * as tf from '@tensorflow/tfjs-core';
import { expectNoLeak } from '@gansynth/test-kit';
import { afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { ArgumentError } from '../index.js';
import { CheckpointRefusedError, NoWholeCheckpointError, openCheckpointStore, type CheckpointStore } from './index.js';

let directory: string;
beforeAll(async () => {
  await tf.setBackend('cpu');
});
beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), 'gansynth-checkpoints-'));
});
afterEach(() => rmSync(directory, { recursive: true, force: true }));

const save = (store: CheckpointStore, step: number, score?: number): Promise<unknown> =>
  store.save({
    step,
    tensors: { 'generator/kernel': tf.mul(tf.ones([2, 3]), step), count: tf.tensor1d([step], 'int32'), none: tf.zeros([0, 4]) },
    state: { step, note: 'größer' },
    ...(score === undefined ? {} : { score }),
  });
const steps = async (store: CheckpointStore): Promise<number[]> => (await store.list()).map(({ step }) => step);
const file = (step: number, name: string): string => join(directory, `step-${String(step).padStart(12, '0')}`, name);

/** Flips one bit in the middle of a file. */
function damage(path: string): void {
  const bytes = readFileSync(path);
  const middle = bytes.length >> 1;
  bytes[middle] = bytes[middle]! ^ 1;
  writeFileSync(path, bytes);
}

describe('checkpoint store', () => {
  it('gives back what was saved, bit for bit', async () => {
    const store = await openCheckpointStore(join(directory, 'made/on/the/way'));
    expect(await store.load()).toBeNull();
    const tensors = {
      float: tf.tensor2d([1, -0, Number.NaN, Infinity, 1e-45, 0.1], [3, 2]),
      int: tf.scalar(-7, 'int32'),
      bool: tf.tensor1d([1, 0, 1], 'bool'),
      empty: tf.zeros([0]),
    };
    const state = { streams: [{ seed: 1, name: 'latents', counter: 12 }], step: 3.5, nothing: null };
    await store.save({ step: 3, tensors, state, score: 0.25 });
    const loaded = await store.load();
    expect(loaded).toMatchObject({ step: 3, score: 0.25, state, refusals: [] });
    for (const [name, tensor] of Object.entries(tensors)) {
      expect(loaded?.tensors[name]?.dtype).toBe(tensor.dtype);
      expect(loaded?.tensors[name]?.shape).toEqual(tensor.shape);
      expect(loaded?.tensors[name]?.dataSync()).toEqual(tensor.dataSync());
    }
  });

  it('writes files that tf.io reads as weights', async () => {
    const store = await openCheckpointStore(directory);
    await save(store, 5);
    const [group] = (
      JSON.parse(readFileSync(file(5, 'checkpoint.json'), 'utf8')) as { weightsManifest: tf.io.WeightsManifestConfig }
    ).weightsManifest;
    const bytes = readFileSync(file(5, (group as { paths: string[] }).paths[0]!));
    const weights = tf.io.decodeWeights(
      new Uint8Array(bytes).buffer,
      (group as { weights: tf.io.WeightsManifestEntry[] }).weights,
    );
    expect(Array.from(weights['generator/kernel']!.dataSync())).toEqual([5, 5, 5, 5, 5, 5]);
  });

  it('keeps the last ones and the best ones', async () => {
    const store = await openCheckpointStore(directory, { keepLast: 2, keepBest: 1, best: 'highest' });
    for (const [step, score] of [
      [1, 0.3],
      [2, 0.9],
      [3, 0.5],
      [4, undefined],
      [5, 0.1],
    ] as const)
      await save(store, step, score);
    expect(await steps(store)).toEqual([2, 4, 5]);
  });

  it('replaces a step that is saved again', async () => {
    const store = await openCheckpointStore(directory);
    await save(store, 1);
    await save(store, 2);
    await store.save({ step: 2, tensors: {}, state: 'again' });
    expect(await steps(store)).toEqual([1, 2]);
    expect((await store.load())?.state).toBe('again');
    expect((await store.loadStep(1)).step).toBe(1);
  });

  it.each<[string, (path: (name: string) => string) => void, RegExp]>([
    ['a flipped bit in the weights', (path) => damage(path('weights.bin')), /weights\.bin does not have the hash/],
    ['shortened weights', (path) => truncateSync(path('weights.bin'), 20), /expected weights\.bin of 28 bytes, found 20/],
    ['lost weights', (path) => rmSync(path('weights.bin')), /cannot read weights\.bin \(ENOENT\)/],
    ['a flipped bit in the manifest', (path) => damage(path('checkpoint.json')), /hash|not JSON/],
    ['an empty manifest', (path) => truncateSync(path('checkpoint.json'), 0), /is not JSON/],
    ['a lost manifest', (path) => rmSync(path('checkpoint.json')), /cannot read checkpoint\.json/],
    [
      'an edited state',
      (path) =>
        writeFileSync(path('checkpoint.json'), readFileSync(path('checkpoint.json'), 'utf8').replace('"step": 2,', '"step": 3,')),
      /does not have the hash written in it/,
    ],
  ])('refuses a checkpoint with %s, says why, and falls back to the newest whole one', async (_, break_, reason) => {
    const store = await openCheckpointStore(directory);
    await save(store, 1);
    await save(store, 2);
    break_((name) => file(2, name));
    const loaded = await store.load();
    expect(loaded?.step).toBe(1);
    expect(loaded?.refusals).toMatchObject([{ kind: 'damaged', reason: expect.stringMatching(reason) as string }]);
    await expect(store.loadStep(2)).rejects.toSatisfy(CheckpointRefusedError.isInstance);
    // And it goes on: the damaged one stays to be looked at, and the step can be saved again.
    await save(store, 2);
    expect((await store.load())?.step).toBe(2);
  });

  it('refuses checkpoints of another run and of another format as foreign', async () => {
    const theirs = await openCheckpointStore(directory, { identity: 'their recipe' });
    await save(theirs, 1);
    mkdirSync(join(directory, 'step-000000000007'));
    writeFileSync(file(7, 'checkpoint.json'), '{"format": "something else"}');
    const ours = await openCheckpointStore(directory, { identity: 'our recipe' });
    await expect(ours.load()).rejects.toThrow(/foreign: expected a checkpoint of our recipe, found one of their recipe/);
    await expect(ours.load()).rejects.toSatisfy(NoWholeCheckpointError.isInstance);
    await save(ours, 2);
    expect((await ours.load())?.refusals).toMatchObject(
      [{ kind: 'foreign', reason: /not of format/ }].map(() => ({ kind: 'foreign' })),
    );
    expect((await theirs.load())?.step).toBe(1);
  });

  it('does not delete what it cannot use', async () => {
    const theirs = await openCheckpointStore(directory, { identity: 'theirs' });
    await save(theirs, 1);
    const ours = await openCheckpointStore(directory, { identity: 'ours', keepLast: 1 });
    for (const step of [2, 3, 4]) await save(ours, step);
    expect(await steps(theirs)).toEqual([1]);
    expect(await steps(ours)).toEqual([4]);
  });

  it('saves what the tensors were when save was called', async () => {
    const store = await openCheckpointStore(directory);
    const weight = tf.variable(tf.scalar(1));
    const saving = store.save({ step: 1, tensors: { weight }, state: null });
    weight.assign(tf.scalar(2));
    weight.dispose();
    await saving;
    expect((await store.load())?.tensors['weight']?.dataSync()[0]).toBe(1);
  });

  it('leaves nothing behind when a save is given up, nor when it succeeds', async () => {
    const store = await openCheckpointStore(directory);
    const weight = tf.ones([10]);
    await expectNoLeak(async () => {
      await store.save({ step: 1, tensors: { weight }, state: null });
      await expect(store.save({ step: 2, tensors: { weight }, state: null }, { signal: AbortSignal.abort() })).rejects.toThrow(
        /abort/i,
      );
      const controller = new AbortController();
      const saving = store.save({ step: 3, tensors: { weight }, state: null }, { signal: controller.signal });
      controller.abort();
      await expect(saving).rejects.toThrow(/abort/i);
    });
    expect(readdirSync(directory)).toEqual(['step-000000000001']);
  });

  it('cleans up after a process that is gone, and leaves one that runs alone', async () => {
    const store = await openCheckpointStore(directory);
    await save(store, 1);
    const { hostname } = await import('node:os');
    // No process has this number on Linux, where they end at 2^22.
    mkdirSync(join(directory, `.tmp-${2 ** 30}-0123456789ab-${hostname()}`));
    mkdirSync(join(directory, `.tmp-${process.pid}-0123456789ab-${hostname()}`));
    await openCheckpointStore(directory);
    expect(readdirSync(directory).sort()).toEqual([`.tmp-${process.pid}-0123456789ab-${hostname()}`, 'step-000000000001']);
  });

  it('refuses what it could not give back', async () => {
    const store = await openCheckpointStore(directory);
    const attempt = (saved: Partial<Parameters<CheckpointStore['save']>[0]>): Promise<unknown> =>
      store.save({ step: 1, tensors: {}, state: null, ...saved });
    await expect(attempt({ state: { a: [Number.NaN] } as never })).rejects.toThrow(/plain JSON in state\.a\[0\], found NaN/);
    await expect(attempt({ state: { a: new Map() } as never })).rejects.toThrow(/found an object of class Map/);
    await expect(attempt({ state: { a: undefined } as never })).rejects.toThrow(/state\.a, found undefined/);
    await expect(attempt({ step: -1 })).rejects.toThrow(ArgumentError);
    await expect(attempt({ score: Number.NaN })).rejects.toThrow(/finite score/);
    await expect(attempt({ tensors: { text: tf.tensor1d(['a']) } })).rejects.toThrow(/found "text" of string/);
    const gone = tf.scalar(1);
    gone.dispose();
    await expect(attempt({ tensors: { gone } })).rejects.toThrow(/"gone" disposed/);
    await expect(store.loadStep(9)).rejects.toThrow(/expected a saved step, found 9. There are: none/);
    await expect(openCheckpointStore(directory, { keepLast: 0 })).rejects.toThrow(ArgumentError);
    expect(readdirSync(directory)).toEqual([]);
  });
});
