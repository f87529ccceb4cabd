import type { FieldReader, Range } from './fields.js';

/** Bounds of a representation's sizes, generous to every sound that could be meant: a harmful one is refused before it is built. */
const sizes: Readonly<Record<string, Range>> = {
  frames: { from: 1, to: 65_536 },
  bins: { from: 1, to: 65_536 },
  fullFrames: { from: 1, to: 65_536 },
  fullBins: { from: 1, to: 65_536 },
  samples: { from: 1, to: 2 ** 24 },
  sampleRate: { from: 1, to: 768_000 },
};

/** Of numbers it has no name for. */
const other: Range = { from: -(2 ** 24), to: 2 ** 24 };

/** Most values an image may have, of one channel. */
const mostPixels = 2 ** 24;

/**
 * Holds the numbers of a representation to bounds. What they mean is its own affair; that none makes a program take all memory is checked
 * here, for all kinds.
 *
 * @throws ModelFileError naming field and bound
 */
export function checkRepresentation(fields: FieldReader): void {
  for (const [name, value] of Object.entries(fields.json)) {
    const bound = Object.hasOwn(sizes, name) ? sizes[name] : undefined;
    if (bound !== undefined) fields.whole(name, bound);
    else if (typeof value === 'number') fields.number(name, other);
  }
  for (const [frames, bins] of [
    ['frames', 'bins'],
    ['fullFrames', 'fullBins'],
  ] as const) {
    const pixels = Number(fields.json[frames] ?? 1) * Number(fields.json[bins] ?? 1);
    if (pixels > mostPixels) fields.fail(bins, `${frames} times ${bins} of at most ${mostPixels}`, pixels);
  }
}
