import { writeAtomically } from '../runs/atomic.js';

export type WavFormat = 'pcm16' | 'float32';

/**
 * A mono WAV file.
 *
 * @param samples full scale 1
 * @param sampleRate Hz
 * @param format `pcm16` plays everywhere, `float32` keeps every bit, as the original writes it
 */
export function encodeWav(samples: Float32Array, sampleRate: number, format: WavFormat = 'pcm16'): Uint8Array {
  const bytesPerSample = format === 'pcm16' ? 2 : 4;
  const bytes = new Uint8Array(44 + samples.length * bytesPerSample);
  const view = new DataView(bytes.buffer);
  const text = (at: number, word: string): void => bytes.set(new TextEncoder().encode(word), at);
  text(0, 'RIFF');
  view.setUint32(4, bytes.length - 8, true);
  text(8, 'WAVEfmt ');
  view.setUint32(16, 16, true);
  view.setUint16(20, format === 'pcm16' ? 1 : 3, true);
  view.setUint16(22, 1, true);
  view.setUint32(24, sampleRate, true);
  view.setUint32(28, sampleRate * bytesPerSample, true);
  view.setUint16(32, bytesPerSample, true);
  view.setUint16(34, 8 * bytesPerSample, true);
  text(36, 'data');
  view.setUint32(40, samples.length * bytesPerSample, true);
  for (let i = 0; i < samples.length; i++) {
    const value = samples[i] as number;
    if (format === 'float32') view.setFloat32(44 + 4 * i, value, true);
    else view.setInt16(44 + 2 * i, Math.max(-32768, Math.min(32767, Math.round(value * 32767))), true);
  }
  return bytes;
}

/** Samples lowered so that none is beyond full scale; the same samples if none is. */
export function guardPeak(samples: Float32Array): Float32Array {
  let peak = 0;
  for (const value of samples) peak = Math.max(peak, Math.abs(value));
  return peak > 1 ? samples.map((value) => value / peak) : samples;
}

/** Writes a note: 16 bits with its peaks guarded, or floats as they are. */
export function writeWav(path: string, samples: Float32Array, sampleRate: number, format: WavFormat = 'pcm16'): void {
  writeAtomically(path, encodeWav(format === 'pcm16' ? guardPeak(samples) : samples, sampleRate, format));
}
