import type { Picture } from '@gansynth/spectral';

const gap = 2;

/**
 * Pictures side by side on one, in rows from the left, with a white gap between them.
 *
 * @param pictures [height, width, 4], of any sizes
 * @param columns pictures in a row
 */
export function sheetOf(pictures: readonly Picture[], columns: number): Picture {
  const across = Math.min(columns, pictures.length);
  const down = Math.ceil(pictures.length / columns);
  const cellHeight = Math.max(...pictures.map(({ shape: [height] }) => height!)) + gap;
  const cellWidth = Math.max(...pictures.map(({ shape: [, width] }) => width!)) + gap;
  const [height, width] = [down * cellHeight - gap, across * cellWidth - gap];
  const data = new Uint8ClampedArray(height * width * 4).fill(255);
  for (const [i, { data: pixels, shape }] of pictures.entries()) {
    const [rows, row] = [shape[0]!, 4 * shape[1]!];
    const from = Math.floor(i / columns) * cellHeight * width + (i % columns) * cellWidth;
    for (let y = 0; y < rows; y++) data.set(pixels.subarray(y * row, (y + 1) * row), 4 * (from + y * width));
  }
  return { data, shape: [height, width, 4] };
}
