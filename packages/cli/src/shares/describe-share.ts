import type { Share } from '@gansynth/common/node';

/** "share 1/3": in the words in which it was asked for. */
export const nameOfShare = ({ index, of }: Share): string => `share ${index}/${of}`;

/** Shares in a message: the first twenty, and how many more. */
export const listShares = (indices: readonly number[], { of }: Pick<Share, 'of'>): string =>
  `${indices
    .slice(0, 20)
    .map((index) => `${index}/${of}`)
    .join(', ')}${indices.length > 20 ? `, and ${indices.length - 20} more` : ''}`;

/** What there is after a share whose work becomes whole when the last one is done. */
export const describeMissing = (missing: readonly number[], share: Share, whole: string): string =>
  `${whole} when the other shares are done: ${listShares(missing, share)}`;
