import ndarray, { type NdArray } from 'ndarray';
import { checkCount } from '../check.js';

/** A picture: 8-bit red, green, blue, alpha, [height, width, 4], row 0 on top. `data` is packed, as PNG encoders and canvases want it. */
export type Picture = NdArray<Uint8ClampedArray>;

export interface PictureSize {
  readonly width: number;
  readonly height: number;
}

/** An opaque picture of one colour. */
export function blankPicture({ width, height }: PictureSize, [red, green, blue]: readonly [number, number, number]): Picture {
  checkCount(width, 'picture', 'width');
  checkCount(height, 'picture', 'height');
  const data = new Uint8ClampedArray(4 * width * height);
  for (let i = 0; i < data.length; i += 4) data.set([red, green, blue, 255], i);
  return ndarray(data, [height, width, 4]);
}

/** Red, green and blue, 0 ... 255, of a hue (turns, any number), saturation and value (0 ... 1). */
export function hsvToRgb(hue: number, saturation: number, value: number): [red: number, green: number, blue: number] {
  const channel = (offset: number): number => {
    const k = (((offset + 6 * hue) % 6) + 6) % 6;
    return 255 * value * (1 - saturation * Math.max(0, Math.min(k, 4 - k, 1)));
  };
  return [channel(5), channel(3), channel(1)];
}
