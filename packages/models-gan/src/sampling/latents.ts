import type { OptionNames } from '@gansynth/common/check-options';
import { checkOptions } from '../check-options.js';
import { randomStream, type RandomStream } from '@gansynth/common/random';
import { ArgumentError } from '../errors.js';

/** A point of the latent space: z, `latentSize` values. */
export type Latent = Float32Array;

export interface LatentOptions {
  /** Whole number; the same seed gives the same latents on every backend. */
  readonly seed: number;
  readonly latentSize: number;
  /** Latents to leave out before: latent i of a seed is always the same, whatever is drawn with it. Default 0. */
  readonly skip?: number;
  /**
   * Redraw values beyond this many standard deviations: less variety, more typical sounds. Default: none are.
   *
   * @see Brock et al. 2019, section 3.1 (truncation trick)
   */
  readonly truncation?: number;
}

const latentOptionNames: OptionNames<LatentOptions> = { seed: true, latentSize: true, skip: true, truncation: true };

/**
 * Latents as the original draws them: independent N(0, 1) values.
 *
 * @returns `count` latents
 */
export function drawLatents(count: number, options: LatentOptions): Latent[] {
  checkOptions('drawLatents', options, latentOptionNames);
  const { seed, latentSize, skip = 0, truncation } = options;
  if (truncation !== undefined && !(truncation > 0.01)) {
    throw new ArgumentError(
      'drawLatents',
      `expected a truncation above 0.01 standard deviations, found ${truncation}.`,
      truncation,
    );
  }
  return Array.from({ length: count }, (_, index) => {
    const stream = randomStream(seed, `latent/${skip + index}`);
    const latent = stream.normalValues(latentSize);
    if (truncation !== undefined) redraw(latent, truncation, stream);
    return latent;
  });
}

function redraw(latent: Latent, truncation: number, stream: RandomStream): void {
  for (let i = 0; i < latent.length; i++) {
    while (Math.abs(latent[i]!) > truncation) latent[i] = stream.normalValues(1)[0]!;
  }
}

/** Latents as the original WaveGAN draws them: independent values, uniform in [-1, 1). The i-th of a seed is always the same. */
export function drawUniformLatents(count: number, options: Pick<LatentOptions, 'seed' | 'latentSize'>): Latent[] {
  checkOptions('drawUniformLatents', options, { seed: true, latentSize: true });
  const { seed, latentSize } = options;
  return Array.from({ length: count }, (_, index) =>
    randomStream(seed, `latent/${index}`)
      .uniformValues(latentSize)
      .map((value) => 2 * value - 1),
  );
}

/**
 * Pitches drawn in proportion to how often the training data have them, as the original does for random notes.
 *
 * @param pitches those of the network
 * @param counts one a pitch; default: all alike
 */
export function drawPitches(count: number, seed: number, pitches: readonly number[], counts?: readonly number[]): number[] {
  const drawn = randomStream(seed, 'pitch').categorical(counts ?? pitches.map(() => 1), count);
  return Array.from(drawn, (index) => pitches[index]!);
}
