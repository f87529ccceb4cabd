import { checkCount } from './check.js';
import { OptionError } from './errors.js';

/** Cosine-sum coefficients a0 - a1 cos(x) + a2 cos(2x). */
const coefficients = {
  hann: [0.5, 0.5, 0],
  hamming: [0.54, 0.46, 0],
  blackman: [0.42, 0.5, 0.08],
  rectangular: [1, 0, 0],
} as const;

/** Names of the windows {@link makeWindow} knows. */
export type WindowName = keyof typeof coefficients;

/**
 * An analysis window.
 *
 * @param name shape of the window
 * @param length number of samples
 * @param options `periodic` (default): period `length`, what short-time transforms want; otherwise symmetric, last sample equal to the first
 * @returns values in [0, 1]
 * @throws OptionError for an unknown name or a length below 1
 */
export function makeWindow(name: WindowName, length: number, { periodic = true }: { periodic?: boolean } = {}): Float64Array {
  checkCount(length, 'makeWindow', 'length');
  if (!Object.hasOwn(coefficients, name)) {
    throw new OptionError(`makeWindow: expected one of ${Object.keys(coefficients).join(', ')}, found "${name}".`, 'name', name);
  }
  const [a0, a1, a2] = coefficients[name];
  const period = periodic ? length : length - 1;
  const angle = (n: number): number => (period === 0 ? Math.PI : (2 * Math.PI * n) / period);
  return Float64Array.from({ length }, (_, n) => a0 - a1 * Math.cos(angle(n)) + a2 * Math.cos(2 * angle(n)));
}

/**
 * The synthesis window with which overlap-add is the least-squares inverse of the short-time transform:
 * w[n] / sum over j of w[(n mod hop) + j hop]^2. Where no window reaches, it is 0.
 *
 * @param window analysis window
 * @param hop samples between frames, from 1 to the window's length
 * @see Griffin and Lim 1984, equation 6
 */
export function synthesisWindow(window: ArrayLike<number>, hop: number): Float64Array {
  checkCount(hop, 'synthesisWindow', 'hop');
  const energy = new Float64Array(hop);
  for (let n = 0; n < window.length; n++) energy[n % hop] = energy[n % hop]! + window[n]! ** 2;
  return Float64Array.from({ length: window.length }, (_, n) => {
    const sum = energy[n % hop]!;
    return sum > 1e-12 ? window[n]! / sum : 0;
  });
}
