import { readFileSync } from 'node:fs';

/** Samples of a 16-bit mono PCM file with the plain 44-byte header, divided by 32768: what the reference notes are. Not a WAV reader. */
export function readReferenceWav(path: string): Float32Array {
  const file = readFileSync(path);
  const samples = new Float32Array((file.length - 44) / 2);
  for (let i = 0; i < samples.length; i++) samples[i] = file.readInt16LE(44 + 2 * i) / 32768;
  return samples;
}
