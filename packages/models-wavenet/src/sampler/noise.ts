import { randomStream, type RandomStream } from '@gansynth/common/random';
import type { OutputConfig } from '../config/output-config.js';
import { drawsOfMixture, gumbelNoise, logisticNoise } from '../output/draw.js';

/** Uniform numbers are taken from their stream in blocks of this many, so that no chunk of samples moves those after it. */
const block = 4096;

/** The random numbers of one note, in the order of its samples: the same however many are asked for at a time. */
export class NoteNoise {
  readonly #stream: RandomStream;
  readonly #output: OutputConfig;
  #values: Float32Array = new Float32Array();
  #at = 0;

  /** @param seed whole number in [0, 2^53) */
  constructor(output: OutputConfig, seed: number) {
    this.#output = output;
    this.#stream = randomStream(seed, 'wavenet/samples');
  }

  /** Writes what the next sample takes: a uniform number, or noise for each logistic and for the sample. */
  next(into: Float32Array, at: number): void {
    if (this.#output.kind === 'mu-law') {
      into[at] = this.#uniform();
      return;
    }
    const { mixtures } = this.#output;
    for (let index = 0; index < mixtures; index++) into[at + index] = gumbelNoise(this.#uniform());
    into[at + mixtures] = logisticNoise(this.#uniform());
  }

  #uniform(): number {
    if (this.#at === this.#values.length) {
      this.#values = this.#stream.uniformValues(block);
      this.#at = 0;
    }
    return this.#values[this.#at++]!;
  }
}

/** Random numbers for one sample of one note. */
export const noiseSize = (output: OutputConfig): number => (output.kind === 'mu-law' ? 1 : drawsOfMixture(output.mixtures));
