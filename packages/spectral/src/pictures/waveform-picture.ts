import { checkFinite, checkPositive } from '../check.js';
import { ShapeError } from '../errors.js';
import { Canvas, type Picture, type PictureSize } from './picture.js';

/**
 * Draws samples over time: each column spans the smallest to the largest sample under it.
 *
 * @param options `width` and `height` in pixels; `top`: the sample value at the upper edge, default 1
 * @throws ShapeError without samples; NonFiniteError
 */
export function waveformPicture(audio: ArrayLike<number>, options: PictureSize & { readonly top?: number }): Picture {
  const { width, height, top = 1 } = options;
  if (audio.length === 0) throw new ShapeError('waveformPicture: expected samples, found none.', [0]);
  checkFinite(audio, 'waveformPicture: audio', 'Clean the audio first.');
  checkPositive(top, 'waveformPicture', 'top');
  const picture = new Canvas(options, [255, 255, 255]);
  const row = (value: number): number => Math.max(0, Math.min(height - 1, Math.round(((1 - value / top) / 2) * (height - 1))));
  for (let x = 0; x < width; x++) {
    const from = Math.floor((x * audio.length) / width);
    const to = Math.max(from + 1, Math.floor(((x + 1) * audio.length) / width));
    let [low, high] = [audio[from]!, audio[from]!];
    for (let n = from + 1; n < to; n++) [low, high] = [Math.min(low, audio[n]!), Math.max(high, audio[n]!)];
    for (let y = row(high); y <= row(low); y++) picture.put(y, x, [20, 20, 120]);
  }
  return picture;
}
