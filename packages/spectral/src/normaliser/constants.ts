import { OptionError } from '../errors.js';
import { normaliserFromJSON, type Normaliser } from './normaliser.js';

/**
 * The original's hard-coded constants, made for `if-mel` images: log power from ln 1e-6 to 10.38 and frequency from -1 to 1, both to
 * [-0.8, 0.8]. What the released models were trained with.
 *
 * @see `specgrams_prespecified_normalizer` in Magenta's GANSynth
 */
export function gansynthNormaliser(): Normaliser {
  return normaliserFromJSON({ kind: 'gansynth', scale: [[0.0661371661726, 0.8]], offset: [[0.113718730221, 0]] });
}

/** Leaves images alone, unclipped. */
export function identityNormaliser({ channels = 2 }: { channels?: number } = {}): Normaliser {
  return normaliserFromJSON({
    kind: 'none',
    scale: [Array.from({ length: channels }, () => 1)],
    offset: [Array.from({ length: channels }, () => 0)],
  });
}

/**
 * A normaliser from the values the original stores in `assets/specgrams_*_normalizer.npz`.
 *
 * @param values one row [scale 0, offset 0, scale 1, offset 1], or one such row per frequency
 */
export function normaliserFromOriginal(values: readonly (readonly number[])[]): Normaliser {
  if (!values.every((row) => row.length === 4)) {
    const message = 'normaliserFromOriginal: expected rows of four numbers [scale 0, offset 0, scale 1, offset 1].';
    throw new OptionError(message, 'values', values);
  }
  return normaliserFromJSON({
    kind: values.length === 1 ? 'channel' : 'frequency',
    scale: values.map((row) => [row[0]!, row[2]!]),
    offset: values.map((row) => [row[1]!, row[3]!]),
  });
}
