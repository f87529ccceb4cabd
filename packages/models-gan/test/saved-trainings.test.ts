import { createHash } from 'node:crypto';
import { cpSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describeOnBackends } from '@gansynth/test-kit';
import { jsonField, runTraining, stateOf, type TrainingTask } from '@gansynth/training';
import { openCheckpointStore, type LoadedCheckpoint } from '@gansynth/training/node';
import * as tf from '@tensorflow/tfjs-core';
import { expect, it } from 'vitest';
import { clips, growingData, tinyWaveGan } from '../src/test-support/saved-trainings.js';
import { resumeProgressiveGanTask } from '../src/progressive/training/resume-progressive-gan.js';
import { resumeWaveGanTask } from '../src/wavegan/resume-wavegan.js';

/** What the program that wrote the checkpoint found when it went on from it. */
interface After {
  readonly steps: number;
  readonly losses: readonly Readonly<Record<string, number>>[];
  readonly streams: unknown;
  readonly optimiserSteps: unknown;
  readonly data: unknown;
  /** Of the values of each tensor, by its name at that time. */
  readonly sha256: Readonly<Record<string, string>>;
}

const fixture = (name: string): string => fileURLToPath(new URL(`fixtures/${name}`, import.meta.url));
const after = (name: string): After => JSON.parse(readFileSync(join(fixture(name), 'after.json'), 'utf8')) as After;

/** Opens a copy: a store tidies up its folder. */
async function load(name: string): Promise<LoadedCheckpoint> {
  const folder = mkdtempSync(join(tmpdir(), 'gansynth-fixture-'));
  try {
    cpSync(join(fixture(name), 'checkpoints'), folder, { recursive: true });
    const saved = await (await openCheckpointStore(folder)).load();
    if (saved === null) throw new Error(`${name}: no checkpoint`);
    return saved;
  } finally {
    rmSync(folder, { recursive: true });
  }
}

/** Once moments were named after the progressive GAN's whoever they belonged to. */
const neutral = (name: string): string => name.replace('progressive_gan_train_ops/', '');

function hashes(tensors: Readonly<Record<string, tf.Tensor>>): Record<string, string> {
  const entries = Object.entries(tensors).map(([name, tensor]) => {
    const values = tensor.dataSync();
    const bytes = new Uint8Array(values.buffer, values.byteOffset, values.byteLength);
    return [neutral(name), createHash('sha256').update(bytes).digest('hex')];
  });
  return Object.fromEntries(entries) as Record<string, string>;
}

const expectedHashes = ({ sha256 }: After): Record<string, string> =>
  Object.fromEntries(Object.entries(sha256).map(([name, hash]) => [neutral(name), hash]));

async function expectToGoOn(task: TrainingTask, expected: After): Promise<void> {
  const losses: unknown[] = [];
  for await (const event of runTraining(task, { steps: expected.steps })) if (event.type === 'step') losses.push(event.losses);
  expect(losses).toEqual(expected.losses);
  const { manifest, tensors } = stateOf(task);
  const { generator, critic, streams, data } = manifest.parts;
  expect({ streams, data }).toEqual({ streams: expected.streams, data: expected.data });
  const steps = [generator, critic].map((part) => jsonField(part, 'optimiserSteps'));
  expect(steps).toEqual(['generator', 'critic'].map((name) => jsonField(expected.optimiserSteps, name)));
  expect(hashes(tensors)).toEqual(expectedHashes(expected));
}

describeOnBackends(
  'a checkpoint of the first version',
  () => {
    it('of a progressive GAN in the middle of a fade goes on as it did then, bit for bit', async () => {
      const saved = await load('progressive-in-a-fade');
      const task = await resumeProgressiveGanTask({ manifest: saved.state, tensors: saved.tensors }, { data: growingData() });
      tf.dispose(saved.tensors);
      expect([task.progress.done, task.progress.steps, task.phase.progress]).toEqual([28, 7, 1.5]);
      await expectToGoOn(task, after('progressive-in-a-fade'));
      task.dispose();
    });

    it('of a WaveGAN goes on as it did then, bit for bit', async () => {
      const saved = await load('wavegan');
      const task = await resumeWaveGanTask({ manifest: saved.state, tensors: saved.tensors }, { data: clips(tinyWaveGan) });
      tf.dispose(saved.tensors);
      expect([task.progress.done, task.progress.steps]).toEqual([4, 1]);
      await expectToGoOn(task, after('wavegan'));
      task.dispose();
    });
  },
  ['cpu'],
);
