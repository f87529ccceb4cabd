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

/** WAV file of a sound, 16-bit PCM. Samples beyond [-1, 1] are clipped, and what is not a number is silent. */
export function encodeWav({ name, samples, sampleRate }: AudioEvent): Uint8Array {
  if (!(Number.isInteger(sampleRate) && sampleRate > 0)) {
    throw new ArgumentError(
      'run log: audio',
      `expected a whole sample rate in Hz for "${name}", found ${sampleRate}.`,
      sampleRate,
    );
  }
  const file = Buffer.alloc(44 + 2 * samples.length);
  file.write('RIFF', 0, 'latin1');
  file.writeUInt32LE(36 + 2 * samples.length, 4);
  file.write('WAVEfmt ', 8, 'latin1');
  file.writeUInt32LE(16, 16);
  file.writeUInt16LE(1, 20); // PCM
  file.writeUInt16LE(1, 22); // channels
  file.writeUInt32LE(sampleRate, 24);
  file.writeUInt32LE(2 * sampleRate, 28);
  file.writeUInt16LE(2, 32);
  file.writeUInt16LE(16, 34);
  file.write('data', 36, 'latin1');
  file.writeUInt32LE(2 * samples.length, 40);
  for (const [index, sample] of samples.entries()) {
    const clipped = Math.max(-1, Math.min(1, Number.isNaN(sample) ? 0 : sample));
    file.writeInt16LE(Math.max(-32768, Math.min(32767, Math.round(clipped * 32768))), 44 + 2 * index);
  }
  return file;
}
