/**
 * Samples as mu-law codes: floor(128 sign(x) ln(1 + 255 |x|) / ln 256).
 *
 * @param audio in [-1, 1]; what lies beyond counts as the nearest end, and +1 itself as the last code (the original gives it a 129th)
 * @returns codes from -128 to 127
 * @see `magenta/models/nsynth/utils.py`, mu_law
 */
export function muLawEncode(audio: ArrayLike<number>): Int8Array<ArrayBuffer> {
  const codes = new Int8Array(audio.length);
  for (let index = 0; index < codes.length; index++) codes[index] = muLawCode(audio[index]!);
  return codes;
}

/** One sample as {@link muLawEncode} has it. */
export function muLawCode(sample: number): number {
  const level = (128 * Math.log1p(255 * Math.abs(sample))) / Math.log(256);
  return Math.max(-128, Math.min(127, Math.floor(Math.sign(sample) * level)));
}

/**
 * Mu-law codes as samples: each the middle of its range on the logarithmic scale, and 0 for code 0. Encoding them again gives the codes.
 *
 * @param codes whole numbers from -128 to 127
 * @returns in [-0.9785, 0.9785]
 * @see `magenta/models/nsynth/utils.py`, inv_mu_law
 */
export const muLawDecode = (codes: ArrayLike<number>): Float32Array<ArrayBuffer> => Float32Array.from(codes, muLawSample);

/** One code as {@link muLawDecode} has it. */
export function muLawSample(code: number): number {
  if (code === 0) return 0;
  const level = (code + 0.5) / 128;
  return (Math.sign(level) / 255) * Math.expm1(Math.abs(level) * Math.log(256));
}
