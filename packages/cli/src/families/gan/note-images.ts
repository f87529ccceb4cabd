import { boxDownscale } from '@gansynth/training';
import type { ImageBatch, ImageRequest, ImageSource } from '@gansynth/models-gan';
import type { BatchCursor, Dataset, NoteLabels } from '@gansynth/nsynth-data';
import type { Representation } from '@gansynth/spectral';
import * as tf from '@tensorflow/tfjs-core';
import { InputError } from '../../app/errors.js';
import { NoteBatches } from '../note-batches.js';

export interface NoteImagesOptions {
  readonly dataset: Dataset;
  readonly representation: Representation;
  /** MIDI, ascending: the network's classes. */
  readonly pitches: readonly number[];
  /** Names, in the order of the network's classes; notes of others are refused. Default: notes are not told apart. */
  readonly instruments?: readonly string[] | undefined;
  /** Levels of each attribute, as groups of velocities; notes of others are refused. */
  readonly attributes?: readonly { readonly name: string; readonly velocities: readonly (readonly number[])[] }[] | undefined;
  readonly seed: number;
  readonly signal: AbortSignal;
  /** Memory for images kept from one epoch to the next, in bytes. */
  readonly cacheBytes?: number | undefined;
}

const defaultCacheBytes = 1 << 30;

/**
 * Notes as images of the size the trainer asks for, in a seeded order that goes on exactly where a saved state left it.
 *
 * Each note is encoded by itself, so that its image does not depend on its neighbours, and kept: at full size, for all stages, if there is
 * room for all of them, else at the size asked for as long as there is room. Small sizes cost little memory, and come first.
 */
export class NoteImages implements ImageSource {
  readonly #options: NoteImagesOptions;
  readonly #kept = new Map<string, Float32Array>();
  #keptBytes = 0;
  #size = '';
  readonly #whole: boolean;
  readonly #batches: NoteBatches;

  constructor(options: NoteImagesOptions) {
    this.#options = options;
    const { dataset, representation, pitches, seed, signal, cacheBytes = defaultCacheBytes } = options;
    this.#batches = new NoteBatches(dataset, { samples: representation.samples, seed, pitches, signal });
    this.#whole = 4 * dataset.length * representation.shape.reduce((product, size) => product * size, 1) <= cacheBytes;
  }

  async next(batchSize: number, request: ImageRequest): Promise<ImageBatch> {
    const value = await this.#batches.next(batchSize);
    const [frames, bins] = this.#options.representation.shape;
    const size = this.#whole ? ([frames, bins] as const) : request.size;
    if (this.#size !== size.join('x')) {
      this.#kept.clear();
      [this.#size, this.#keptBytes] = [size.join('x'), 0];
    }
    const [, samples] = value.audio.shape as [number, number];
    const each = size[0] * size[1] * 2;
    const images = new Float32Array(batchSize * each);
    for (const [i, note] of value.notes.entries()) {
      images.set(await this.#image(note, value.audio.data.subarray(i * samples, (i + 1) * samples), size), i * each);
    }
    return {
      images: tf.tensor4d(images, [batchSize, size[0], size[1], 2]),
      labels: value.labels,
      ...this.#instruments(value.notes),
      ...this.#levels(value.notes),
    };
  }

  #instruments(notes: readonly NoteLabels[]): Pick<ImageBatch, 'instruments'> {
    const { instruments } = this.#options;
    if (instruments === undefined) return {};
    return {
      instruments: Int32Array.from(notes, ({ id, instrument }) => {
        const known = instruments.indexOf(instrument);
        if (known >= 0) return known;
        throw new InputError(
          `${id}: expected a note of one of the recipe's ${instruments.length} instruments (model.instruments), found ${instrument}. ` +
            'Name it there, or leave it out with data.filter.instruments.',
          instrument,
        );
      }),
    };
  }

  #levels(notes: readonly NoteLabels[]): Pick<ImageBatch, 'levels'> {
    const { attributes } = this.#options;
    if (attributes === undefined) return {};
    return {
      levels: attributes.map(({ name, velocities }) =>
        Int32Array.from(notes, ({ id, velocity }) => {
          const level = velocities.findIndex((group) => group.includes(velocity));
          if (level >= 0) return level;
          throw new InputError(
            `${id}: expected a note of one of the velocities of "${name}" (model.attributes: ${velocities.flat().join(', ')}), found ${velocity}. ` +
              'Name it there, or leave it out with data.filter.velocities.',
            velocity,
          );
        }),
      ),
    };
  }

  state(): BatchCursor | null {
    return this.#batches.state();
  }

  restore(state: unknown): void {
    this.#batches.restore(state);
  }

  /** Stops reading ahead. */
  close(): Promise<void> {
    return this.#batches.close();
  }

  async #image(
    { id, pitch }: NoteLabels,
    audio: Float32Array,
    [height, width]: readonly [number, number],
  ): Promise<Float32Array> {
    const known = this.#kept.get(id);
    if (known) return known;
    const { representation, cacheBytes = defaultCacheBytes } = this.#options;
    const [frames, bins] = representation.shape;
    const small = tf.tidy(() => {
      const image = representation.encode(tf.tensor2d(audio, [1, audio.length]), [pitch]);
      return frames === height && bins === width ? image : boxDownscale(image, [frames / height, bins / width]);
    });
    const values = await small.data<'float32'>();
    small.dispose();
    if (this.#keptBytes + values.byteLength <= cacheBytes) {
      this.#kept.set(id, values);
      this.#keptBytes += values.byteLength;
    }
    return values;
  }
}
