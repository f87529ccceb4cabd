import { runTraining } from '@gansynth/training';
import { ProgressiveGanTask } from '../progressive/training/progressive-gan-task.js';
import { syntheticSource, tinyNetwork, tinyTraining } from './synthetic.js';

/** Losses of the first and of the eighth step (in a transition to three blocks) of the tiny training with seed 1, on any backend. */
export async function lossesAtSteps(): Promise<number[][]> {
  const task = new ProgressiveGanTask({
    network: tinyNetwork,
    training: tinyTraining,
    seed: 1,
    data: syntheticSource(tinyNetwork),
  });
  const found: number[][] = [];
  for await (const event of runTraining(task, { steps: 8 })) {
    if (event.type === 'step' && (event.step === 1 || event.step === 8)) found.push(Object.values(event.losses));
  }
  task.dispose();
  return found;
}

/** What the cpu backend, which is held to the original's recorded values, finds. */
export const lossesOnCpu: readonly (readonly number[])[] = [
  [11.566378, 0.065397, 1.150098, 19.719803, 0.034676, 1.093512, 0.874995, 0.056823],
  [10.982612, 0.015763, 1.096685, 20.052402, 0.105277, 1.095952, 0.898759, 0.01748],
];
