/** Zero crossings of the kernel on each side: the stop band begins at the lower of the two Nyquist frequencies. */
const crossings = 64;
/** Samples of the kernel per zero crossing; between them it is taken as straight (error below -105 dB). */
const resolution = 512;
/** Middle of the transition band, as a share of the lower Nyquist frequency; the pass band ends at about 0.9. */
const cutoff = 0.95;
/** Kaiser's shape parameter for 100 dB of attenuation. */
const beta = 10.06;

/** Modified Bessel function of the first kind, order 0, by its series. */
function bessel(x: number): number {
  let [sum, term] = [1, 1];
  for (let k = 1; term > 1e-17 * sum; k++) {
    term *= (x / (2 * k)) ** 2;
    sum += term;
  }
  return sum;
}

let kernel: Float64Array | undefined;

/** One half of a sinc in a Kaiser window, one unit per zero crossing. */
function makeKernel(): Float64Array {
  const size = crossings * resolution;
  return Float64Array.from({ length: size + 2 }, (_, index) => {
    if (index > size) return 0;
    const x = index / resolution;
    const sinc = x === 0 ? 1 : Math.sin(Math.PI * x) / (Math.PI * x);
    return (sinc * bessel(beta * Math.sqrt(1 - (x / crossings) ** 2))) / bessel(beta);
  });
}

/**
 * Changes the sample rate by band-limited interpolation: what lies above the lower of the two Nyquist frequencies is 100 dB down, what
 * lies below 0.9 of it is untouched.
 *
 * @param audio mono
 * @param from Hz
 * @param to Hz
 * @returns `audio.length * to / from` samples, rounded; beyond its ends `audio` counts as silent
 * @see J. O. Smith, "Digital Audio Resampling", https://ccrma.stanford.edu/~jos/resample/
 */
export function resample(audio: Float32Array, from: number, to: number): Float32Array {
  if (from === to) return audio;
  kernel ??= makeKernel();
  const scale = cutoff * Math.min(1, to / from);
  const reach = crossings / scale;
  const step = scale * resolution;
  const output = new Float32Array(Math.max(1, Math.round((audio.length * to) / from)));
  for (let i = 0; i < output.length; i++) {
    const center = (i * from) / to;
    const first = Math.max(0, Math.ceil(center - reach));
    const last = Math.min(audio.length - 1, Math.floor(center + reach));
    let sum = 0;
    for (let j = first; j <= last; j++) {
      const at = Math.abs(center - j) * step;
      const index = at | 0;
      const left = kernel[index]!;
      sum += audio[j]! * (left + (at - index) * (kernel[index + 1]! - left));
    }
    output[i] = sum * scale;
  }
  return output;
}
