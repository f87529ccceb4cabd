import type { Share } from '@gansynth/common/node';

/** "share 1 of 3": in the words in which it was asked for. */
export const nameOfShare = ({ index, of }: Share): string => `share ${index}/${of}`;

/** What there is after a share whose work becomes whole when the last one is done. */
export const describeMissing = (missing: readonly number[], { of }: Share, whole: string): string =>
  `${whole} when the other shares are done: ${missing
    .slice(0, 20)
    .map((index) => `${index}/${of}`)
    .join(', ')}${missing.length > 20 ? `, and ${missing.length - 20} more` : ''}`;
