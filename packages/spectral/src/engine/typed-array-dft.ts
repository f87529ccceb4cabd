import { tensor2d, tensor4d, type Tensor, type Tensor2D, type Tensor4D } from '@tensorflow/tfjs-core';
import { checkFinite } from '../check.js';
import { analyseFrames, synthesiseFrames, type Framing } from './frames.js';

/** [batch, samples] to [2 (real, imaginary), batch, frames, fftSize / 2 + 1], by FFT. */
export function analyseTyped(audio: Tensor, framing: Framing): Tensor4D {
  const [batch, samples] = audio.shape as [number, number];
  const bins = framing.fftSize / 2 + 1;
  const input = audio.dataSync<'float32'>();
  checkFinite(input, 'stft: audio', 'Clean the audio first.');
  const size = batch * framing.frames * bins;
  const output = new Float32Array(2 * size);
  for (let item = 0; item < batch; item++) {
    analyseFrames(input.subarray(item * samples, (item + 1) * samples), framing, (frame, spectrum) => {
      if (spectrum === null) return;
      const at = (item * framing.frames + frame) * bins;
      output.set(spectrum.real, at);
      output.set(spectrum.imaginary, size + at);
    });
  }
  return tensor4d(output, [2, batch, framing.frames, bins]);
}

/** The exact adjoint of {@link analyseTyped}: [2, batch, frames, bins] to [batch, samples]. */
export function adjointTyped(spectrum: Tensor, framing: Framing, samples: number): Tensor2D {
  const [, batch, frames, bins] = spectrum.shape as [number, number, number, number];
  const input = spectrum.dataSync<'float32'>();
  checkFinite(input, 'istft: spectrum', 'Clean the spectrum first.');
  const size = batch * frames * bins;
  // The inverse transform counts bins 1 ... N/2 - 1 twice and divides by N.
  const inner = framing.fftSize / 2;
  const output = new Float32Array(batch * samples);
  for (let item = 0; item < batch; item++) {
    synthesiseFrames(output.subarray(item * samples, (item + 1) * samples), framing, (frame, { real, imaginary }) => {
      const at = (item * frames + frame) * bins;
      for (let k = 0; k < bins; k++) {
        const scale = k === 0 || k === bins - 1 ? framing.fftSize : inner;
        real[k] = scale * input[at + k]!;
        imaginary[k] = scale * input[size + at + k]!;
      }
    });
  }
  return tensor2d(output, [batch, samples]);
}
