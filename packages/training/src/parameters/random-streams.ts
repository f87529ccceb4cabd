import type * as tf from '@tensorflow/tfjs-core';
import { jsonField, type Json } from '../json.js';
import { StateError } from '../loop/errors.js';
import type { Held, Stateful } from '../loop/stateful.js';
import { randomStream, randomStreamFrom, type RandomStream, type RandomStreamState } from '@gansynth/common/random';

/** Named random streams of a training: one a purpose, so that none moves another. */
export class RandomStreams<Name extends string> implements Stateful {
  readonly #names: readonly Name[];
  readonly #streams: Map<Name, RandomStream>;

  /**
   * @param names what each stream is for
   * @param scope put before the names, so that two trainings with one seed draw different numbers
   */
  constructor(seed: number, names: readonly Name[], scope = '') {
    this.#names = names;
    this.#streams = new Map(names.map((name) => [name, randomStream(seed, `${scope}${name}`)]));
  }

  /** Moves as it is drawn from; not to be kept beyond a step, because an undone step replaces it. */
  stream(name: Name): RandomStream {
    const stream = this.#streams.get(name);
    if (!stream) throw new RangeError(`training: RandomStreams: expected one of ${this.#names.join(', ')}, found ${name}.`);
    return stream;
  }

  json(): Json {
    return Object.fromEntries(this.#names.map((name) => [name, { ...this.stream(name).state }]));
  }

  tensors(): Record<string, tf.Tensor> {
    return {};
  }

  restore(json: unknown): void {
    for (const name of this.#names) this.#streams.set(name, randomStreamFrom(streamState(name, jsonField(json, name))));
  }

  hold(): Held {
    const states = this.#names.map((name) => [name, this.stream(name).state] as const);
    return {
      restore: () => {
        for (const [name, state] of states) this.#streams.set(name, randomStreamFrom(state));
      },
      forget: () => {},
    };
  }
}

/** @throws StateError if this is no state of a stream */
export function streamState(what: string, json: unknown): RandomStreamState {
  const [seed, name, counter] = ['seed', 'name', 'counter'].map((field) => jsonField(json, field));
  if (typeof seed === 'number' && typeof name === 'string' && typeof counter === 'number') return { seed, name, counter };
  throw new StateError(`expected the random stream ${what} as { seed, name, counter }, found ${JSON.stringify(json)}.`, json);
}
