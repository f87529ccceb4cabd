import { jsonField, StateError, type Held, type Json, type Stateful } from '@gansynth/training';
import type * as tf from '@tensorflow/tfjs-core';
import type { Variable } from '../network/variables.js';
import { product } from '../operations/operation.js';
import type { Stage } from '../schedule/stages.js';

/**
 * Makes the variables of a stage.
 *
 * @param initial values of new variables; default: those a training starts with
 */
export type Grow = (stage: Stage, initial?: (variable: Variable) => Float32Array) => void;

/** The stage whose variables and optimisers exist, as the part of a training that is restored first. */
export class ProgressiveGrowth implements Stateful {
  readonly #stages: readonly Stage[];
  readonly #grow: Grow;
  #stage: Stage | undefined;

  constructor(stages: readonly Stage[], grow: Grow) {
    this.#stages = stages;
    this.#grow = grow;
  }

  /** Makes the variables of a stage, unless they are there. */
  enter(stage: Stage): void {
    if (this.#stage?.index === stage.index) return;
    this.#grow(stage);
    this.#stage = stage;
  }

  json(): Json {
    return { stage: this.#stage?.index ?? null, blocks: this.#stage?.blocks ?? null };
  }

  tensors(): Record<string, tf.Tensor> {
    return {};
  }

  /** Makes the saved stage's variables, whose values the other parts then take. */
  restore(json: unknown): void {
    const index = jsonField(json, 'stage');
    const stage = this.#stages.find((one) => one.index === index);
    if (stage === undefined)
      throw new StateError(`expected a stage of this schedule, found stage ${JSON.stringify(index)}.`, index);
    this.#grow(stage, ({ shape }) => new Float32Array(product(shape)));
    this.#stage = stage;
  }

  /** A stage is entered before a step, and not left when the step fails. */
  hold(): Held {
    return { restore: () => {}, forget: () => {} };
  }
}
