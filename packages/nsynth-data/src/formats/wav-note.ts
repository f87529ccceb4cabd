import { Mismatch } from '../notes/labels.js';
import { wavChannel, wavLayout } from './wav.js';

/**
 * Audio of a WAV note.
 *
 * @throws Mismatch unless it is mono at `sampleRate`
 */
export function decodeWavNote(bytes: Uint8Array, sampleRate: number): Float32Array {
  const layout = wavLayout(bytes);
  if (layout.channels !== 1 || layout.sampleRate !== sampleRate) {
    const channels = layout.channels === 1 ? 'mono' : layout.channels === 2 ? 'stereo' : `${layout.channels} channels`;
    throw new Mismatch(
      `expected ${sampleRate} Hz mono as its labels say, found ${layout.sampleRate} Hz ${channels}. Convert the sounds first, by an import`,
    );
  }
  return wavChannel(bytes, layout);
}
