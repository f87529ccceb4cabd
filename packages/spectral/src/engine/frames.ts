import { type HalfSpectrum, pairedRealFft } from '@gansynth/common/fft';

/** Framing of a signal whose sample 0 lies `offset` samples behind the start of frame 0. Lengths in samples. */
export interface Framing {
  readonly fftSize: number;
  readonly hop: number;
  readonly frames: number;
  readonly offset: number;
  readonly window: Float64Array;
}

/**
 * Windowed spectra of one signal, frame after frame, over typed arrays.
 *
 * @param visit receives each frame's spectrum (valid until it returns), or null where the frame holds nothing but zeros
 */
export function analyseFrames(
  signal: Float32Array,
  { fftSize, hop, frames, offset, window }: Framing,
  visit: (frame: number, spectrum: HalfSpectrum | null) => void,
): void {
  const fft = pairedRealFft(fftSize);
  const load = (frame: number, lane: 0 | 1): boolean => {
    const start = frame * hop - offset;
    const from = Math.max(0, -start);
    const to = frame < frames ? Math.min(fftSize, signal.length - start) : 0;
    const target = fft.frames;
    let loud = 0;
    for (let n = 0; n < Math.min(from, fftSize); n++) target[2 * n + lane] = 0;
    for (let n = from; n < to; n++) {
      const value = signal[start + n]! * window[n]!;
      target[2 * n + lane] = value;
      loud += value * value;
    }
    for (let n = Math.max(from, to); n < fftSize; n++) target[2 * n + lane] = 0;
    return loud > 0;
  };
  for (let frame = 0; frame < frames; frame += 2) {
    const a = load(frame, 0);
    const b = load(frame + 1, 1);
    if (a || b) fft.forward();
    visit(frame, a ? fft.a : null);
    if (frame + 1 < frames) visit(frame + 1, b ? fft.b : null);
  }
}

/**
 * Overlap-add of inverse transforms times a window, the other direction of {@link analyseFrames}.
 *
 * @param fill writes a frame's spectrum
 * @param signal is added to; frames that reach beyond it are cut
 */
export function synthesiseFrames(
  signal: Float32Array | Float64Array,
  { fftSize, hop, frames, offset, window }: Framing,
  fill: (frame: number, spectrum: HalfSpectrum) => void,
): void {
  const fft = pairedRealFft(fftSize);
  const add = (frame: number, lane: 0 | 1): void => {
    const start = frame * hop - offset;
    const to = Math.min(fftSize, signal.length - start);
    for (let n = Math.max(0, -start); n < to; n++) {
      signal[start + n] = signal[start + n]! + fft.frames[2 * n + lane]! * window[n]!;
    }
  };
  for (let frame = 0; frame < frames; frame += 2) {
    fill(frame, fft.a);
    if (frame + 1 < frames) fill(frame + 1, fft.b);
    else {
      fft.b.real.fill(0);
      fft.b.imaginary.fill(0);
    }
    fft.inverse();
    add(frame, 0);
    if (frame + 1 < frames) add(frame + 1, 1);
  }
}
