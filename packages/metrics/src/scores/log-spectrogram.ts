import type { OptionNames } from '@gansynth/common/check-options';
import { checkOptions } from '../check-options.js';
import { checkedNumber, checkedSamples, type Samples } from '../note/audio.js';
import { powerOfTwoFrom, realFft } from '@gansynth/common/fft';
import { hann } from '../numeric/hann.js';

export interface LogSpectrogramOptions {
  readonly sampleRate: number;
  /** Equal steps of time. Default 16. */
  readonly frames?: number;
  /** Equal steps on the mel scale up to half the sample rate. Default 60. */
  readonly bands?: number;
  /** Added to the power before the logarithm. Default 1e-6, as GANSynth's spectrograms. */
  readonly floor?: number;
}

/** Their names, each once. */
export const logSpectrogramOptionNames: OptionNames<LogSpectrogramOptions> = {
  sampleRate: true,
  frames: true,
  bands: true,
  floor: true,
};

const WINDOW_SECONDS = 0.064;
const mel = (hertz: number): number => 2595 * Math.log10(1 + hertz / 700);

/**
 * A note as a small log spectrogram, flat: what NDB's bins, diversity and nearest notes are computed on when no classifier is at hand. ln(mean
 * power + floor) over `frames` by `bands` cells. The paper says "log spectrograms" and no more; with the defaults a note has 960 dimensions.
 *
 * @returns [frames * bands], frame by frame
 */
export function logSpectrogram(audio: Samples, options: LogSpectrogramOptions): Float32Array {
  checkOptions('logSpectrogram', options, logSpectrogramOptionNames);
  const { sampleRate, frames = 16, bands = 60, floor = 1e-6 } = options;
  const who = 'logSpectrogram';
  const samples = checkedSamples(audio, who);
  checkedNumber(sampleRate, 1000, 1e6, who, 'sampleRate');
  checkedNumber(frames, 1, 1e5, who, 'frames');
  checkedNumber(floor, 1e-30, 1, who, 'floor');
  const size = powerOfTwoFrom(WINDOW_SECONDS * sampleRate);
  checkedNumber(bands, 1, size / 4, who, 'bands');
  const fft = realFft(size);
  const window = hann(size);
  const frame = new Float64Array(size);
  const top = mel(sampleRate / 2);
  const bandOfBin = Int32Array.from({ length: size / 2 + 1 }, (_, bin) =>
    Math.min(bands - 1, Math.floor((mel((bin * sampleRate) / size) / top) * bands)),
  );
  const sums = new Float64Array(frames * bands);
  const counts = new Float64Array(frames * bands);
  const hop = size / 4;
  const steps = Math.max(frames, Math.ceil(samples.length / hop));
  for (let step = 0; step < steps; step++) {
    const centre = Math.floor(((step + 0.5) * samples.length) / steps);
    for (let n = 0; n < size; n++) frame[n] = (samples[centre - size / 2 + n] ?? 0) * window[n]!;
    const spectrum = fft.transform(frame);
    const row = Math.floor((step * frames) / steps) * bands;
    for (let bin = 0; bin <= size / 2; bin++) {
      const at = row + bandOfBin[bin]!;
      sums[at]! += spectrum[2 * bin]! ** 2 + spectrum[2 * bin + 1]! ** 2;
      counts[at]!++;
    }
  }
  // Low mel bands are narrower than a bin of the transform: an empty one has its neighbour's value.
  let last = 0;
  return Float32Array.from(sums, (sum, i) => {
    if (counts[i]! > 0) last = sum / counts[i]!;
    return Math.log(last + floor);
  });
}
