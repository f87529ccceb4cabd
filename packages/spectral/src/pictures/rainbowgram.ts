import { MOST_DEVIATION } from '../additive/layout.js';
import { checkPositive } from '../check.js';
import { NonFiniteError, OptionError } from '../errors.js';
import type { RepresentationKind } from '../representation/options.js';
import { checkImageArray, type ImageArray } from './image-array.js';
import { Canvas, hsvToRgb, type Picture } from './picture.js';

export interface RainbowgramOptions {
  /** What the image holds: `if-mel` and `harmonic` have log power in channel 0, `if` and `phase` log magnitude; `waveform` is refused. */
  readonly kind: RepresentationKind;
  /** Pixels. Default: one a frame. */
  readonly width?: number | undefined;
  /** Pixels. Default: one a bin. Where bins share a pixel, the loudest shows. */
  readonly height?: number | undefined;
  /** Bins to show, from the first to before the second. Default: all. */
  readonly binRange?: readonly [from: number, to: number] | undefined;
  /** Decibels from black to full brightness. Default 60. */
  readonly dynamicRange?: number | undefined;
  /** Level of full brightness, in the image's own unit. Default: the loudest of this image. Give one to compare images. */
  readonly top?: number | undefined;
  /** `both`: brightness is the level, hue the angle (default). `level`: grey. `angle`: hue at full brightness. */
  readonly show?: 'both' | 'level' | 'angle' | undefined;
}

/**
 * Rainbowgram: time to the right, frequency upwards, brightness = log magnitude, hue = instantaneous frequency (for `phase`: phase).
 * One turn of the colour circle is the whole range [-1, 1], whose ends are the same angle: red is 0, cyan +-1, green and blue +-0.5
 * or so. Of a `harmonic` image hue is the deviation from the harmonic, red 0, a full turn from -3 to 3 per cent. A steady partial has one steady colour; broken phase speckles.
 *
 * @param image [frames, bins, 2], see {@link imageToArray}
 * @returns RGBA, [height, width, 4]
 * @throws ShapeError, OptionError, NonFiniteError
 * @see Engel et al. 2019, figures 3, 4 and 7
 */
export function rainbowgram(image: ImageArray, options: RainbowgramOptions): Picture {
  const read = checkImageArray(image, 'rainbowgram: image');
  const [frames = 0, allBins = 0] = image.shape;
  const { kind, show = 'both', dynamicRange = 60 } = options;
  if (!['phase', 'if', 'if-mel', 'harmonic'].includes(kind)) {
    const message = `rainbowgram: expected kind phase, if, if-mel or harmonic, found ${String(kind)}. Encode waveforms as 'if' first.`;
    throw new OptionError(message, 'kind', kind);
  }
  if (!['both', 'level', 'angle'].includes(show)) {
    throw new OptionError(`rainbowgram: expected show to be both, level or angle, found ${String(show)}.`, 'show', show);
  }
  checkPositive(dynamicRange, 'rainbowgram', 'dynamicRange');
  const [from, to] = options.binRange ?? [0, allBins];
  if (!(Number.isInteger(from) && Number.isInteger(to) && from >= 0 && from < to && to <= allBins)) {
    throw new OptionError(`rainbowgram: expected binRange within [0, ${allBins}], found [${from}, ${to}].`, 'binRange', [
      from,
      to,
    ]);
  }
  const { width = frames, height = to - from } = options;
  const top = options.top ?? loudest(read, [frames, allBins], [from, to]);
  // Natural logarithm of a power (if-mel) or magnitude to decibels.
  const decibels = (kind === 'if-mel' || kind === 'harmonic' ? 10 : 20) / Math.LN10;
  const turns = kind === 'harmonic' ? 1 / (2 * MOST_DEVIATION) : 1 / 2;
  const picture = new Canvas({ width, height }, [0, 0, 0]);
  for (let x = 0; x < width; x++) {
    const frame = Math.floor((x * frames) / width);
    for (let y = 0; y < height; y++) {
      const low = from + Math.floor(((height - 1 - y) * (to - from)) / height);
      const high = from + Math.ceil(((height - y) * (to - from)) / height);
      let bin = low;
      for (let k = low + 1; k < high; k++) if (read(frame, k, 0) > read(frame, bin, 0)) bin = k;
      const brightness = 1 + ((read(frame, bin, 0) - top) * decibels) / dynamicRange;
      const value = show === 'angle' ? 1 : Math.max(0, Math.min(1, brightness));
      picture.put(y, x, hsvToRgb(read(frame, bin, 1) * turns, show === 'level' ? 0 : 0.85, value));
    }
  }
  return picture;
}

type Pair = readonly [number, number];

function loudest(read: ReturnType<typeof checkImageArray>, [frames, bins]: Pair, [from, to]: Pair): number {
  let top = Number.NEGATIVE_INFINITY;
  for (let frame = 0; frame < frames; frame++) {
    for (let bin = from; bin < to; bin++) {
      const level = read(frame, bin, 0);
      if (!Number.isFinite(level)) {
        const message = `rainbowgram: image: expected finite levels, found ${level} at frame ${frame}, bin ${bin}.`;
        throw new NonFiniteError(message, level, frame * bins + bin);
      }
      top = Math.max(top, level);
    }
  }
  return top;
}
