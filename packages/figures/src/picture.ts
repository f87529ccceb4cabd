import { encode } from 'fast-png';
import { checkValues, FigureError } from './errors.js';

/** A picture: 8-bit red, green, blue, alpha, [height, width, 4], row 0 on top, as `@gansynth/spectral` draws rainbowgrams. */
export interface Picture {
  readonly data: Uint8ClampedArray;
  readonly shape: readonly number[];
}

/** A picture as a PNG file. @throws FigureError unless it is [height, width, 4] */
export function encodePng({ data, shape }: Picture): Uint8Array {
  const [height = 0, width = 0, channels] = shape;
  if (channels !== 4 || shape.length !== 3 || data.length !== 4 * height * width || data.length === 0)
    throw new FigureError(
      `encodePng: expected a picture [height, width, 4], found [${shape.join(', ')}] of ${data.length} values.`,
      shape,
    );
  return encode({ data, width, height, channels: 4 });
}

/** Bytes as part of a page or of an SVG. @param type MIME type: "image/png" */
export function dataUri(bytes: Uint8Array, type: string): string {
  let text = '';
  for (let at = 0; at < bytes.length; at += 0x8000) text += String.fromCharCode(...bytes.subarray(at, at + 0x8000));
  return `data:${type};base64,${btoa(text)}`;
}

export interface HeatMapOptions {
  /** Values at the two ends of the colours. */
  readonly range: readonly [from: number, to: number];
  /** `level`: black to white through blue and orange. `angle`: once round the colour circle, both ends alike. */
  readonly colours: 'level' | 'angle';
  /** How bright each value is, 0 to 1: what nobody hears may be dark. Default 1. */
  readonly weights?: ArrayLike<number> | undefined;
}

/** Red, green and blue of a share of the range: dark blue, purple, orange, pale yellow. */
const levels: readonly (readonly [number, number, number])[] = [
  [4, 4, 18],
  [64, 18, 104],
  [158, 42, 98],
  [228, 92, 46],
  [252, 176, 46],
  [252, 250, 190],
];

function level(share: number): readonly [number, number, number] {
  const at = Math.max(0, Math.min(1, share)) * (levels.length - 1);
  const [low, high] = [levels[Math.floor(at)]!, levels[Math.ceil(at)]!];
  const mix = (c: 0 | 1 | 2): number => low[c] + (at - Math.floor(at)) * (high[c] - low[c]);
  return [mix(0), mix(1), mix(2)];
}

/** Evenly bright round the circle. */
function angle(share: number): readonly [number, number, number] {
  const channel = (shift: number): number => 138 + 105 * Math.cos(2 * Math.PI * (share - shift));
  return [channel(0), channel(1 / 3), channel(2 / 3)];
}

/**
 * Values as a picture: columns to the right, rows upwards.
 *
 * @param values [columns, rows] packed, as images of `@gansynth/spectral` have frames and bins; finite, and beyond the range as its nearer end
 * @throws FigureError for values that are no finite numbers, another number of them, or a range of equal ends
 */
export function heatMap(values: ArrayLike<number>, [columns, rows]: readonly [number, number], options: HeatMapOptions): Picture {
  const {
    range: [from, to],
    colours,
    weights,
  } = options;
  checkValues(values, `heatMap of ${columns} x ${rows}`, columns * rows);
  if (weights !== undefined) checkValues(weights, 'heatMap: weights', columns * rows);
  if (!Number.isFinite(from) || !Number.isFinite(to) || from === to)
    throw new FigureError(`heatMap: expected a range with two different ends, found ${from} and ${to}.`, [from, to]);
  const data = new Uint8ClampedArray(4 * columns * rows);
  const colour = colours === 'level' ? level : angle;
  for (let x = 0; x < columns; x++) {
    for (let y = 0; y < rows; y++) {
      const [r, g, b] = colour((values[x * rows + y]! - from) / (to - from));
      const weight = weights?.[x * rows + y] ?? 1;
      data.set([weight * r, weight * g, weight * b, 255], 4 * ((rows - 1 - y) * columns + x));
    }
  }
  return { data, shape: [rows, columns, 4] };
}
