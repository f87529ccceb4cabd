import { checkCount } from '../check.js';

/** Values with their shape, row-major and packed; a packed `ndarray` is one. */
export interface ShapedArray<Data> {
  readonly data: Data;
  readonly shape: readonly number[];
}

/** A picture: 8-bit red, green, blue, alpha, [height, width, 4], row 0 on top. `data` is packed, as PNG encoders and canvases want it. */
export type Picture = ShapedArray<Uint8ClampedArray<ArrayBuffer>>;

export interface PictureSize {
  readonly width: number;
  readonly height: number;
}

type Colour = readonly [red: number, green: number, blue: number];

/** A picture that is being drawn. */
export class Canvas implements Picture {
  readonly data: Uint8ClampedArray<ArrayBuffer>;
  readonly shape: readonly [height: number, width: number, channels: 4];

  /** Opaque, of one colour. */
  constructor({ width, height }: PictureSize, [red, green, blue]: Colour) {
    checkCount(width, 'picture', 'width');
    checkCount(height, 'picture', 'height');
    this.shape = [height, width, 4];
    this.data = new Uint8ClampedArray(4 * width * height);
    for (let i = 0; i < this.data.length; i += 4) this.data.set([red, green, blue, 255], i);
  }

  /** Colours a pixel. */
  put(y: number, x: number, colour: Colour): void {
    this.data.set(colour, 4 * (y * this.shape[1] + x));
  }

  /** Takes so much of each colour from a pixel; nothing falls below 0. */
  darken(y: number, x: number, amounts: Colour): void {
    const at = 4 * (y * this.shape[1] + x);
    for (const [c, amount] of amounts.entries()) this.data[at + c] = (this.data[at + c] ?? 0) - amount;
  }
}

/** Red, green and blue, 0 ... 255, of a hue (turns, any number), saturation and value (0 ... 1). */
export function hsvToRgb(hue: number, saturation: number, value: number): [red: number, green: number, blue: number] {
  const channel = (offset: number): number => {
    const k = (((offset + 6 * hue) % 6) + 6) % 6;
    return 255 * value * (1 - saturation * Math.max(0, Math.min(k, 4 - k, 1)));
  };
  return [channel(5), channel(3), channel(1)];
}
