import { DivergenceError, type Divergence } from '../errors.js';
import type { LossGradients } from './loss-gradients.js';

/**
 * @param limit beyond it a loss counts as exploded
 * @param circumstances what the report says besides
 * @throws DivergenceError if a loss or the gradient is not finite, or a loss is beyond the limit
 */
export function checkLosses(
  { terms, gradientNorm }: LossGradients<string>,
  limit: number,
  circumstances: Omit<Divergence, 'quantity' | 'value'>,
): void {
  const unsound = Object.entries(terms).find(([, value]) => !(Math.abs(value) <= limit));
  if (unsound) throw new DivergenceError({ ...circumstances, quantity: `${unsound[0]} loss`, value: unsound[1] }, limit);
  if (Number.isFinite(gradientNorm)) return;
  throw new DivergenceError({ ...circumstances, quantity: 'gradient norm', value: gradientNorm }, limit);
}
