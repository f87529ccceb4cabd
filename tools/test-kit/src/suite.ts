import * as tf from '@tensorflow/tfjs-core';
import { afterAll, beforeAll, describe } from 'vitest';

/**
 * Runs one suite once per backend.
 *
 * @param name what is described
 * @param backends names that tfjs knows by now
 * @param body receives the backend's name; tolerances may depend on it, behaviour may not
 */
export function describePerBackend<Name extends string>(
  name: string,
  backends: readonly Name[],
  body: (backend: Name) => void,
): void {
  for (const backend of backends) {
    describe(`${name} [${backend}]`, () => {
      let before: string | undefined;
      beforeAll(async () => {
        before = tf.getBackend();
        if (!(await tf.setBackend(backend))) throw new Error(`test-kit: backend ${backend} did not start`);
        await tf.ready();
      });
      afterAll(async () => {
        if (before) await tf.setBackend(before);
      });
      body(backend);
    });
  }
}
