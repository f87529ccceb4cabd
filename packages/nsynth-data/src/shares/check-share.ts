import type { Share } from '@gansynth/common/node';
import { ArgumentError } from '../errors.js';

/** @throws ArgumentError */
export function checkShare(who: string, { index, of }: Share): void {
  if (!Number.isInteger(index) || !Number.isInteger(of) || index < 0 || index >= of)
    throw new ArgumentError(`${who}: expected a share with 0 <= index < of, found ${index} of ${of}`, { index, of });
}
