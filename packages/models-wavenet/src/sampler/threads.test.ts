import { execFile } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import '@tensorflow/tfjs-backend-cpu';
import * as tf from '@tensorflow/tfjs-core';
import { beforeAll, describe, expect, it, vi } from 'vitest';
import { waveNetConfig, type WaveNetOptions } from '../config/wavenet-config.js';
import { loud, notesFor, sampled } from '../test-support/sampled.js';
import { createSampler } from './create-sampler.js';
import { queueEngine } from './queue-engine.js';
import { Sampler } from './sampler.js';
import { ThreadTrial } from './thread-trial.js';

beforeAll(() => tf.setBackend('cpu'));

// Widths of three panels of 32 outputs, of which two threads have one and two.
const sizes = { layers: 5, cycle: 5, width: 90, skipWidth: 70 } as const;
const networks: Readonly<Record<string, WaveNetOptions>> = {
  'three taps, frames': { ...sizes, conditioning: { kind: 'frames', channels: 2, hop: 16, encoder: null } },
  'frames that end within a round of eight steps': {
    ...sizes,
    conditioning: { kind: 'frames', channels: 2, hop: 12, encoder: null },
  },
  'two taps, a mixture': {
    ...sizes,
    kernelLength: 2,
    output: { kind: 'logistics', mixtures: 12, logScaleFloor: -7 },
    conditioning: { kind: 'none' },
  },
};

describe.each(Object.entries(networks))('on several threads: %s', (_, options) => {
  const config = waveNetConfig(options);

  it.each([
    ['a note', 1, 2],
    ['three notes, each by itself', 3, 3],
    ['a tile of eight', 6, 2],
    ['tiles of eight', 21, 2],
    ['a tile for each of three threads', 21, 3],
  ])('a note has the same bits: %s', async (__, count, threads) => {
    const model = loud(config);
    const notes = notesFor(config, count);
    const alone = await createSampler(model, { batch: count, threads: 1 });
    const engine = await queueEngine(model, count, { threads, trial: null });
    const several = new Sampler(model, engine, count);
    expect([alone.threads, several.threads]).toEqual([1, threads]);
    const expected = await sampled(alone, notes, 40);
    expect(await sampled(several, notes, 40)).toEqual(expected);
    expect(await sampled(several, notes.toReversed(), 40)).toEqual(expected.toReversed());
    const sounds = expected.map((sound) => Float32Array.from(sound));
    await alone.begin(notes);
    await several.begin(notes);
    expect(await several.force(sounds)).toEqual(await alone.force(sounds));
    for (const each of [alone, several, model]) each.dispose();
    await expect(several.begin(notes)).rejects.toThrow(/one that is in use, found one that was disposed/);
  });

  it.each([120, 3])(
    'a note has the same bits while it is found out whether threads are faster, and after it: %i samples a call',
    async (size) => {
      const model = loud(config);
      const notes = notesFor(config, 1);
      const trial = new ThreadTrial();
      const [one, two] = [await createSampler(model), new Sampler(model, await queueEngine(model, 1, { threads: 2, trial }), 1)];
      const [expected] = await sampled(one, notes, 120);
      await two.begin(notes);
      const found: number[] = [];
      for await (const [chunk = []] of two.chunks(120, { size })) found.push(...chunk);
      expect(found).toEqual(expected);
      expect(trial.isOver).toBe(true);
      expect(two.threads).toBe(trial.takesSeveral ? 2 : 1);
      for (const each of [one, two, model]) each.dispose();
    },
  );
});

describe('threads', () => {
  it('are all taken for more than eight notes, and one for fewer, unless another number is asked for', async () => {
    const model = loud(waveNetConfig({ ...sizes, conditioning: { kind: 'none' } }));
    const few = await createSampler(model, { batch: 8 });
    expect(few.threads).toBe(1);
    const processors = (await import('node:os')).availableParallelism();
    const many = await createSampler(model, { batch: 16 });
    expect(many.threads).toBe(Math.min(2, processors));
    const some = await createSampler(model, { threads: 1000 });
    expect(some.threads).toBe(Math.min(3, processors));
    for (const threads of [0, 1.5, Number.NaN])
      await expect(createSampler(model, { threads })).rejects.toThrow(/a whole number of 1 or more threads, found/);
    for (const each of [few, many, some, model]) each.dispose();
  });

  it.each([512, 4, 3, 1])('that are slower are no longer used, and those that are faster are kept: %i steps a call', (most) => {
    vi.useFakeTimers({ toFake: ['performance'] });
    try {
      for (const [one, several] of [
        [5, 9],
        [5, 3],
      ] as const) {
        const trial = new ThreadTrial();
        let time = 3;
        while (!trial.isOver && time < 1000) {
          const steps = Math.min(most, trial.mostSteps(time));
          trial.take(time, steps, (takesSeveral) => {
            // The first of each take longer, for nothing is warm yet, and one now and then, for something else has its turn.
            const round = Math.floor(time / 8);
            const isHeldUp = round < 5 || round % 5 === 0;
            vi.advanceTimersByTime(steps * (takesSeveral ? several : one) * (isHeldUp ? 40 : 1));
          });
          time += steps;
        }
        expect(trial.takesSeveral).toBe(several < one);
        expect(trial.mostSteps(time)).toBe(Number.POSITIVE_INFINITY);
        expect(time).toBeLessThan(125);
      }
    } finally {
      vi.useRealTimers();
    }
  });

  it('end with their sampler, and do not keep a process alive', async () => {
    const script = fileURLToPath(new URL('../../test/support/threads-child.ts', import.meta.url));
    const { stdout } = await promisify(execFile)(process.execPath, ['--import', 'tsx', script], { timeout: 55_000 });
    const { threads, ended } = JSON.parse(stdout.slice(stdout.indexOf('{'))) as { threads: number[]; ended: number };
    expect(threads).toEqual([2, 1, 2]);
    // Threads of the process as Linux counts them.
    if (process.platform === 'linux') expect(ended).toBe(1);
  });
});
