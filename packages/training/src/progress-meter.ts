import { checkOptions } from './check-options.js';
import * as tf from '@tensorflow/tfjs-core';
import type { ScalarsEvent } from './run-event.js';

/** Measures a run's speed and memory between reports. */
export interface ProgressMeter {
  /** Counts finished work. */
  add(images: number): void;
  /** What happened since the last report, as an event; starts the next interval. */
  report(step: number): ScalarsEvent;
}

/**
 * Speed and memory of a run as scalars: `progress/images-per-second`, `progress/milliseconds-per-step`, `memory/tensors`,
 * `memory/tensor-bytes`. One `add` is one step.
 *
 * @param options.now milliseconds from some start; default `performance.now`
 */
export function progressMeter(options: { now?: () => number } = {}): ProgressMeter {
  checkOptions('progressMeter', options, { now: true });
  const { now = () => performance.now() } = options;
  let start = now();
  let images = 0;
  let steps = 0;
  return {
    add: (count) => {
      images += count;
      steps++;
    },
    report: (step) => {
      const milliseconds = now() - start;
      const { numTensors, numBytes } = tf.memory();
      const speed =
        steps === 0 || milliseconds <= 0
          ? {}
          : {
              'progress/images-per-second': (1000 * images) / milliseconds,
              'progress/milliseconds-per-step': milliseconds / steps,
            };
      start = now();
      images = 0;
      steps = 0;
      return { type: 'scalars', step, values: { ...speed, 'memory/tensors': numTensors, 'memory/tensor-bytes': numBytes } };
    },
  };
}
