import type { OptionNames } from '@gansynth/common/check-options';
import { checkOptions } from '../check-options.js';
import type * as tf from '@tensorflow/tfjs-core';
import { checkCount, checkFinite, checkTensor } from '../check.js';
import { OptionError, ShapeError } from '../errors.js';
import { normaliserFromJSON, type Normaliser } from './normaliser.js';

export interface MeasureOptions {
  /** One range per channel, or one per frequency row and channel. Default `channel`. */
  readonly per?: 'channel' | 'frequency' | undefined;
  /** Images to look at; the stream is read no further. Default 100, as the paper says (the original code: 1000). */
  readonly examples?: number | undefined;
  /** The measured range becomes [-margin, margin]. Default 0.8. */
  readonly margin?: number | undefined;
  readonly signal?: AbortSignal | undefined;
}

/** Their names, each once. */
export const measureOptionNames: OptionNames<MeasureOptions> = { per: true, examples: true, margin: true, signal: true };

/** Images, one by one or in batches; whoever yields a tensor also frees it, after the yield returns. */
export type ImageStream = AsyncIterable<tf.Tensor4D> | Iterable<tf.Tensor4D>;

/**
 * Measures the smallest and largest value of a stream of images and makes the normaliser that maps that range to +-margin.
 * Where a range is empty (the lowest mel row is constant), values become 0 and come back exactly.
 *
 * @param images [batch, frames, bins, channels] each, all of one size but the batch
 * @throws ShapeError for changing sizes; NonFiniteError for NaN or infinity; OptionError for an empty stream or a margin outside (0, 1];
 * the signal's reason when aborted
 * @see `specgrams_simple_normalizer` and `specgrams_freq_normalizer` in Magenta's GANSynth
 */
export async function measureNormaliser(images: ImageStream, options: MeasureOptions = {}): Promise<Normaliser> {
  checkOptions('measureNormaliser', options, measureOptionNames);

  const { per = 'channel', examples = 100, margin = 0.8, signal } = options;
  checkCount(examples, 'measureNormaliser', 'examples');
  if (!(margin > 0 && margin <= 1)) {
    throw new OptionError(`measureNormaliser: expected margin in (0, 1], found ${margin}.`, 'margin', margin);
  }
  if (per !== 'channel' && per !== 'frequency') {
    throw new OptionError(`measureNormaliser: expected per to be channel or frequency, found ${String(per)}.`, 'per', per);
  }
  const range = new Range(per === 'frequency');
  let seen = 0;
  for await (const batch of images) {
    signal?.throwIfAborted();
    checkTensor(batch, 'measureNormaliser: images', ['batch', 'frames', 'bins', 'channels']);
    const [count, frames, bins, channels] = batch.shape;
    const take = Math.min(count, examples - seen);
    const values = (await batch.data<'float32'>()).subarray(0, take * frames * bins * channels);
    checkFinite(values, `measureNormaliser: images ${seen} to ${seen + take - 1}`, 'Leave that example out, or repair it.');
    range.update(values, bins, channels);
    seen += take;
    if (seen >= examples) break;
  }
  signal?.throwIfAborted();
  if (seen === 0) {
    const message = 'measureNormaliser: expected at least one image, found an empty stream. Is the dataset filtered to nothing?';
    throw new OptionError(message, 'images', 0);
  }
  return range.normaliser(per, margin);
}

class Range {
  readonly #byRow: boolean;
  #channels = 0;
  #bins = 0;
  #low = new Float64Array(0);
  #high = new Float64Array(0);

  constructor(byRow: boolean) {
    this.#byRow = byRow;
  }

  update(values: Float32Array, bins: number, channels: number): void {
    if (this.#low.length === 0) {
      [this.#bins, this.#channels] = [bins, channels];
      this.#low = new Float64Array((this.#byRow ? bins : 1) * channels).fill(Number.POSITIVE_INFINITY);
      this.#high = this.#low.map((value) => -value);
    } else if (bins !== this.#bins || channels !== this.#channels) {
      const message = `measureNormaliser: expected ${this.#bins} bins and ${this.#channels} channels as before, found ${bins} and ${channels}.`;
      throw new ShapeError(message, [bins, channels]);
    }
    const [low, high] = [this.#low, this.#high];
    for (let i = 0, slot = 0; i < values.length; i++) {
      const value = values[i]!;
      if (value < low[slot]!) low[slot] = value;
      if (value > high[slot]!) high[slot] = value;
      if (++slot === low.length) slot = 0;
    }
  }

  normaliser(kind: 'channel' | 'frequency', margin: number): Normaliser {
    const scale: number[][] = [];
    const offset: number[][] = [];
    for (let row = 0; row < this.#low.length / this.#channels; row++) {
      scale[row] = [];
      offset[row] = [];
      for (let channel = 0; channel < this.#channels; channel++) {
        const low = this.#low[row * this.#channels + channel]!;
        const high = this.#high[row * this.#channels + channel]!;
        const constant = high === low;
        scale[row]?.push(constant ? 1 : (2 * margin) / (high - low));
        offset[row]?.push(constant ? -low : margin * ((-2 * low) / (high - low) - 1));
      }
    }
    return normaliserFromJSON({ kind, scale, offset });
  }
}
