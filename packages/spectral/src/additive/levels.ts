import { AMPLITUDE_FLOOR } from './layout.js';

/** Against a slope without end at silence. */
const TINY = 1e-7;

/** Mean square to level: ln of the power, with the floor. */
export const levelOf = (power: number): number => 2 * Math.log(Math.sqrt(power + TINY * TINY) - TINY + AMPLITUDE_FLOOR);

/** Level to root mean square, 0 at the floor and below. */
export const rmsOf = (level: number): number => Math.max(0, Math.exp(level / 2) - AMPLITUDE_FLOOR);

export const levelConstants: { readonly floor: number; readonly tiny: number } = { floor: AMPLITUDE_FLOOR, tiny: TINY };

/** Power of a partial below which its deviation fades to 0. */
export const QUIET_POWER = 5e-7;

/**
 * Density of noise from those found at some frequencies: (sqrt(pi) / mean of 1 / sqrt)^2, the mean where they are exponentially distributed, as the
 * powers of noise are, and next to untouched by a few that a stray partial makes too large.
 */
export const ROOT_MEAN: number = Math.sqrt(Math.PI);

/**
 * Share of what is found between the harmonics at the onset that is taken for noise: partials that begin spread there too. Chosen by measurement:
 * docs/harmonic-numbers.
 */
export const ONSET_NOISE = 0.25;

/** Density added before its root. */
export const QUIET_DENSITY = 1e-16;

/**
 * How much more power a partial has than a Hann window hears of it, `x` bins off its middle: -ln of the window's response, within 0.01 up to one
 * bin, beyond which nothing is made up for.
 */
export const SCALLOP: readonly [square: number, fourth: number] = [1.29, 0.096];

/** Bins up to which {@link SCALLOP} is made up for: 6 dB. */
export const MOST_SCALLOP = 1;

export function scallop(bins: number): number {
  const x = Math.min(MOST_SCALLOP, Math.abs(bins)) ** 2;
  return Math.exp(SCALLOP[0] * x + SCALLOP[1] * x * x);
}
