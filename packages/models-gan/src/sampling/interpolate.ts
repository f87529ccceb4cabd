import { ArgumentError } from '../errors.js';
import type { Latent } from './latents.js';

const dot = (a: Latent, b: Latent): number => a.reduce((sum, value, index) => sum + value * b[index]!, 0);

const blend = (a: Latent, weightA: number, b: Latent, weightB: number): Latent =>
  a.map((value, index) => weightA * value + weightB * b[index]!);

/** Straight interpolation: (1 - t) a + t b. Passes closer to the origin than typical latents lie. */
export function lerp(a: Latent, b: Latent, t: number): Latent {
  checkPair('lerp', a, b);
  return blend(a, 1 - t, b, t);
}

/**
 * Spherical interpolation as the original's: the angle is that between the directions of `a` and `b`, the weights apply to the vectors
 * as they are: sin((1 - t) w) / sin w * a + sin(t w) / sin w * b. Where the angle is 0 (or pi, or a vector is 0), the formula has no
 * value and the straight line, its limit for small angles, is taken.
 *
 * @param t 0 gives a, 1 gives b; beyond, it goes on along the circle
 * @see `generate_util.slerp` of the original; White 2016
 */
export function slerp(a: Latent, b: Latent, t: number): Latent {
  checkPair('slerp', a, b);
  const lengths = Math.sqrt(dot(a, a) * dot(b, b));
  const cosine = lengths === 0 ? 1 : Math.min(1, Math.max(-1, dot(a, b) / lengths));
  const omega = Math.acos(cosine);
  const sine = Math.sin(omega);
  // Below 1e-4 the line and the arc differ by less than omega^2, which single precision does not show.
  if (sine < 1e-4) return blend(a, 1 - t, b, t);
  return blend(a, Math.sin((1 - t) * omega) / sine, b, Math.sin(t * omega) / sine);
}

/** A walk through the latent space: a latent for every time. */
export interface LatentPath {
  /** Seconds, ascending, one for each latent. */
  readonly times: readonly number[];
  readonly latents: readonly Latent[];
}

/**
 * Times for a path over a piece of music, as the original spaces its random instruments: from just before 0 to the end, equally far apart.
 *
 * @param count at least 1
 * @param seconds length of the piece
 */
export function pathTimes(count: number, seconds: number): number[] {
  const first = -1e-4;
  return Array.from({ length: count }, (_, index) => (count === 1 ? first : first + ((seconds - first) * index) / (count - 1)));
}

/**
 * The latent of a path at a time, between its neighbours. After the last time the path goes on beyond its last latent, as in the
 * original; before the first it likewise goes back beyond the first.
 *
 * @param between how, as `slerp` does
 * @throws ArgumentError if the path is empty, or its times do not ascend
 */
export function latentAt({ times, latents }: LatentPath, time: number, between: typeof slerp = slerp): Latent {
  const ascending = times.every((value, index) => index === 0 || value > times[index - 1]!);
  if (latents.length === 0 || times.length !== latents.length || !ascending) {
    throw new ArgumentError(
      'latentAt',
      `expected ascending times, one for each of at least one latent, found ${times.length} times [${times}] and ${latents.length} latents.`,
      times,
    );
  }
  if (!Number.isFinite(time)) throw new ArgumentError('latentAt', `expected a time in seconds, found ${time}.`, time);
  if (latents.length === 1) return latents[0]!.slice();
  const after = times.findIndex((value) => value >= time);
  const left = Math.min(Math.max(0, (after === -1 ? times.length : after) - 1), times.length - 2);
  const from = times[left]!;
  const fraction = (time - from) / (times[left + 1]! - from);
  return between(latents[left]!, latents[left + 1]!, fraction);
}

/** `steps` latents from `a` to `b`, both included, along the arc. */
export function interpolationSteps(a: Latent, b: Latent, steps: number): Latent[] {
  if (!Number.isInteger(steps) || steps < 2) {
    throw new ArgumentError('interpolationSteps', `expected a whole number of at least 2 steps, found ${steps}.`, steps);
  }
  return Array.from({ length: steps }, (_, index) => slerp(a, b, index / (steps - 1)));
}

function checkPair(where: string, a: Latent, b: Latent): void {
  if (a.length !== b.length || a.length === 0) {
    throw new ArgumentError(where, `expected two latents of one size, found ${a.length} and ${b.length} values.`, b.length);
  }
}
