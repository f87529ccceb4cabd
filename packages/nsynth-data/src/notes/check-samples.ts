import { Mismatch } from './labels.js';

/** 24 dB over full scale: floats beyond it are damage, not sound. */
const loudest = 16;

/** @throws Mismatch naming the first sample that is no usable number */
export function checkSamples(audio: Float32Array): void {
  for (let i = 0; i < audio.length; i++) {
    const value = audio[i]!;
    if (!(value >= -loudest && value <= loudest))
      throw new Mismatch(`expected samples from -${loudest} to ${loudest}, found ${value} at sample ${i}`);
  }
}
