import { encodeWav } from '@gansynth/common/wav';
import { encode } from 'fast-png';
import { ArgumentError } from '../errors.js';
import type { AudioEvent, ImageEvent } from '../run-event.js';

/** PNG file of an image. */
export function encodePng({ name, width, height, channels, pixels }: ImageEvent): Uint8Array {
  if (pixels.length !== width * height * channels) {
    throw new ArgumentError(
      'run log: image',
      `expected ${width} * ${height} * ${channels} = ${width * height * channels} bytes of pixels for "${name}", found ${pixels.length}.`,
      pixels.length,
    );
  }
  return encode({ width, height, channels, depth: 8, data: pixels });
}

/** WAV file of a sound, 16-bit PCM. Samples beyond [-1, 1] are clipped, and what is not a number is silent: a log shows what diverged. */
export function encodeAudio({ name, samples, sampleRate }: AudioEvent): Uint8Array {
  if (!(Number.isInteger(sampleRate) && sampleRate > 0)) {
    throw new ArgumentError(
      'run log: audio',
      `expected a whole sample rate in Hz for "${name}", found ${sampleRate}.`,
      sampleRate,
    );
  }
  const isFinite = samples.every((sample) => Number.isFinite(sample));
  const audible = isFinite ? samples : samples.map((sample) => (Number.isNaN(sample) ? 0 : Math.max(-1, Math.min(1, sample))));
  return encodeWav(audible, sampleRate);
}
