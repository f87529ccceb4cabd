import '@gansynth/training/wasm';
import { describeOnBackends } from '@gansynth/test-kit';
import { runTraining } from '@gansynth/training';
import { expect, test } from 'vitest';
import { networkConfig } from '../config.js';
import { syntheticSource } from '../../test-support/synthetic.js';
import { ProgressiveGanTask } from './progressive-gan-task.js';

// GANSYNTH_LEAK_STEPS=1000 for the long version.
const steps = Number(process.env['GANSYNTH_LEAK_STEPS'] ?? 100);

describeOnBackends(
  'a long training',
  () => {
    test(
      `holds as many tensors and bytes after ${steps} steps as after the first`,
      async () => {
        const network = networkConfig({ latentSize: 2, pitches: [60, 61], start: [1, 2], blocks: 2, filters: [2, 2, 2] });
        const task = new ProgressiveGanTask({
          network,
          seed: 1,
          data: syntheticSource(network),
          training: { schedule: { progressive: false, totalImages: 1e6, batchSizes: [2] }, divergenceLimit: 1e9 },
        });
        const seen = new Set<string>();
        for await (const event of runTraining(task, { steps })) {
          if (event.type === 'step') seen.add(`${event.memory.tensors} tensors, ${event.memory.bytes} bytes`);
        }
        expect([...seen]).toHaveLength(1);
        task.dispose();
      },
      200 * steps + 30_000,
    );
  },
  ['wasm'],
);
