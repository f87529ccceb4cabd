import { replaceFile } from '@gansynth/common/node';
import { encodeWav, type WavFormat } from '@gansynth/common/wav';

/** Samples lowered so that none is beyond full scale; the same samples if none is. */
export function guardPeak(samples: Float32Array): Float32Array {
  let peak = 0;
  for (const value of samples) peak = Math.max(peak, Math.abs(value));
  return peak > 1 ? samples.map((value) => value / peak) : samples;
}

/** Writes a note: 16 bits with its peaks guarded, or floats as they are. */
export async function writeWav(
  path: string,
  samples: Float32Array,
  sampleRate: number,
  format: WavFormat = 'pcm16',
): Promise<void> {
  await replaceFile(path, encodeWav(format === 'pcm16' ? guardPeak(samples) : samples, sampleRate, format));
}
