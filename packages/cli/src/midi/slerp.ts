/**
 * Spherical interpolation between two vectors of any length; the angle is that between their directions. Parallel vectors, where the
 * original divides by zero, are interpolated linearly.
 *
 * @param t 0 gives `a`, 1 gives `b`; beyond that the turn goes on
 * @see magenta's generate_util.slerp
 */
export function slerp(a: ArrayLike<number>, b: ArrayLike<number>, t: number): Float64Array {
  let [dot, aa, bb] = [0, 0, 0];
  for (let i = 0; i < a.length; i++) {
    const [x, y] = [a[i] as number, b[i] as number];
    dot += x * y;
    aa += x * x;
    bb += y * y;
  }
  const omega = Math.acos(Math.max(-1, Math.min(1, dot / Math.sqrt(aa * bb))));
  const sine = Math.sin(omega);
  const straight = !(Math.abs(sine) > 1e-9);
  const left = straight ? 1 - t : Math.sin((1 - t) * omega) / sine;
  const right = straight ? t : Math.sin(t * omega) / sine;
  return Float64Array.from({ length: a.length }, (_, i) => left * (a[i] as number) + right * (b[i] as number));
}
