import { createHash } from 'node:crypto';
import { canonicalJson } from '../recipes/canonical.js';

/** Hash of settings and numbers: short words for what two shares of one work must have in common. */
export function hashOf(settings: unknown, numbers: readonly Float32Array[] = []): string {
  const hash = createHash('sha256').update(canonicalJson(settings));
  for (const values of numbers) hash.update(new Uint8Array(Float32Array.from(values).buffer));
  return hash.digest('hex').slice(0, 16);
}
