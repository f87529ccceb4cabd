import { randomStream, randomStreamFrom, type RandomStream, type RandomStreamState } from '@gansynth/training';
import type { NetworkConfig } from '../config.js';
import type { Draws } from './iteration.js';
import { streamNames, type StreamName } from './training-state.js';

export type StreamStates = Readonly<Record<StreamName, RandomStreamState>>;

/** The random streams of a training: one a purpose, so that none moves another. */
export class TrainingStreams {
  #streams: Record<StreamName, RandomStream>;

  constructor(seed: number) {
    this.#streams = forEachName((name) => randomStream(seed, name));
  }

  get states(): StreamStates {
    return forEachName((name) => this.#streams[name].state);
  }

  restore(states: StreamStates): void {
    this.#streams = forEachName((name) => randomStreamFrom(states[name]));
  }

  /**
   * The random numbers of one iteration.
   *
   * @param pitchCounts how often each pitch is asked for; null: all alike
   */
  draw(batchSize: number, { latentSize, pitches }: NetworkConfig, pitchCounts: readonly number[] | null): Draws {
    const counts = pitchCounts ?? pitches.map(() => 1);
    return {
      generatorLatents: this.#streams['generator/latent'].normalValues(batchSize * latentSize),
      generatorLabels: this.#streams['generator/label'].categorical(counts, batchSize),
      criticLatents: this.#streams['critic/latent'].normalValues(batchSize * latentSize),
      criticLabels: this.#streams['critic/label'].categorical(counts, batchSize),
      mixing: this.#streams['critic/mixing'].uniformValues(batchSize),
    };
  }
}

const forEachName = <Value>(make: (name: StreamName) => Value): Record<StreamName, Value> =>
  Object.fromEntries(streamNames.map((name) => [name, make(name)])) as Record<StreamName, Value>;
