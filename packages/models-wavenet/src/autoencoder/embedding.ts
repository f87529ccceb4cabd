import { ArgumentError } from '../errors.js';

/** A sound as the encoder has it: numbers for each hop, row by row. */
export interface Embedding {
  /** [frames, channels] */
  readonly shape: readonly number[];
  readonly data: Float32Array;
}

/**
 * An embedding as it comes from a file: [frames, channels], or [1, frames, channels] as some tools write it.
 *
 * @throws ArgumentError if it has another shape, no frames, or a number that is not finite
 */
export function checkEmbedding(
  { shape, data }: { readonly shape: readonly number[]; readonly data: ArrayLike<number> },
  channels: number,
): Embedding {
  const [frames = 0, width] = shape.length === 3 && shape[0] === 1 ? shape.slice(1) : shape.length === 2 ? shape : [];
  if (width !== channels || frames < 1 || data.length !== frames * channels)
    throw new ArgumentError(
      'embedding',
      `expected numbers [frames, ${channels}] (or [1, frames, ${channels}]), found [${shape}] with ${data.length} numbers.`,
      shape,
    );
  const wrong = Array.prototype.find.call(data, (value: number) => !Number.isFinite(value)) as number | undefined;
  if (wrong !== undefined) throw new ArgumentError('embedding', `expected finite numbers, found ${wrong}.`, wrong);
  return { shape: [frames, channels], data: data instanceof Float32Array ? data : Float32Array.from(data) };
}
