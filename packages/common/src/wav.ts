import { defineErrors, GansynthError } from './errors.js';

const define = defineErrors('common');

/** Samples or a sample rate that no sound file can hold. */
export class SoundError extends GansynthError {
  static {
    define(this, 'SoundError');
  }

  constructor(
    message: string,
    /** What was found. */
    readonly found: number,
  ) {
    super(message);
  }
}

/** `pcm16` plays everywhere; `float32` keeps every bit. */
export type WavFormat = 'pcm16' | 'float32';

const bytesOf = { pcm16: 2, float32: 4 } as const;

/**
 * A mono WAV file. 16-bit samples are `round(32768 x)`, limited to -32768 ... 32767, so that a file read (divided by 32768) and written
 * again is the same file.
 *
 * @param samples full scale at -1 and 1; finite
 * @param sampleRate Hz, a whole number
 * @throws SoundError for a sample that is not finite or a rate that is not whole
 */
export function encodeWav(samples: ArrayLike<number>, sampleRate: number, format: WavFormat = 'pcm16'): Uint8Array<ArrayBuffer> {
  if (!Number.isInteger(sampleRate) || sampleRate < 1 || sampleRate > 0xffffffff) {
    throw new SoundError(`encodeWav: expected a whole sample rate in Hz, found ${sampleRate}.`, sampleRate);
  }
  const width = bytesOf[format];
  const file = new Uint8Array(44 + width * samples.length);
  const view = new DataView(file.buffer);
  const word = (at: number, letters: string): void => {
    for (let i = 0; i < 4; i++) file[at + i] = letters.charCodeAt(i);
  };
  word(0, 'RIFF');
  view.setUint32(4, file.length - 8, true);
  word(8, 'WAVE');
  word(12, 'fmt ');
  view.setUint32(16, 16, true);
  view.setUint16(20, format === 'pcm16' ? 1 : 3, true);
  view.setUint16(22, 1, true);
  view.setUint32(24, sampleRate, true);
  view.setUint32(28, sampleRate * width, true);
  view.setUint16(32, width, true);
  view.setUint16(34, 8 * width, true);
  word(36, 'data');
  view.setUint32(40, width * samples.length, true);
  for (let i = 0; i < samples.length; i++) {
    const value = samples[i]!;
    if (!Number.isFinite(value)) {
      throw new SoundError(
        `encodeWav: expected finite samples, found ${value} at sample ${i}. Look for where the sound was made.`,
        value,
      );
    }
    if (format === 'float32') view.setFloat32(44 + 4 * i, value, true);
    else view.setInt16(44 + 2 * i, Math.max(-32768, Math.min(32767, Math.round(value * 32768))), true);
  }
  return file;
}
