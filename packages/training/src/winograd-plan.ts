/** Along an axis, of a tile of two outputs: products, and inputs to the next tile. */
export const tileOf = (doubling: boolean): { points: number; step: number } =>
  doubling ? { points: 3, step: 1 } : { points: 4, step: 2 };

export const wholePanels = (channels: number): number => 8 * Math.ceil(channels / 8);

// Strips of tiles are made so long that what is computed of them fits into this many floats, half of a second-level cache of 1 MB.
export const stripSize = 131_072;

/**
 * How many tiles of 2 x 2 outputs go through all steps of a Winograd convolution together, and the floats of scratch a thread needs for
 * that; see assembly/winograd.ts.
 */
export function winogradPlan(sizes: { inChannels: number; outChannels: number; outWidth: number; doubling: boolean }): {
  strip: number;
  scratch: number;
} {
  const { inChannels, outChannels, outWidth, doubling } = sizes;
  const { points, step } = tileOf(doubling);
  const columns = wholePanels(outChannels);
  const perTile = points * points * (inChannels + columns) + 2 * points * columns + (1 + points) * step * inChannels;
  const strip = 4 * Math.max(1, Math.min(Math.floor(stripSize / perTile / 4), Math.ceil(outWidth / 8)));
  return { strip, scratch: strip * perTile + 2 * (1 + points) * inChannels };
}
