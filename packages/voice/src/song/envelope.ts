export interface EnvelopeOptions {
  /** Hz */
  readonly sampleRate: number;
  /** Seconds; inside the held part. */
  readonly attack?: number;
  /** Seconds; after the held part. */
  readonly release?: number;
  /** Seconds after which a held note is let go: what the network has learned. */
  readonly longest?: number;
}

/**
 * Loudness of a note over time: a short linear attack, held, a linear release after its end.
 *
 * @param seconds from note-on to note-off
 * @returns int(rate * min(seconds, longest)) + int(rate * release) factors from 0 to 1; the release overwrites the attack of very short notes
 * @see magenta's generate_util.get_envelope
 */
export function envelope(
  seconds: number,
  { sampleRate, attack = 0.01, release = 0.3, longest = 3 }: EnvelopeOptions,
): Float64Array {
  const rise = Math.trunc(sampleRate * attack);
  const held = Math.trunc(sampleRate * Math.min(seconds, longest));
  const fall = Math.trunc(sampleRate * release);
  const factors = new Float64Array(held + fall).fill(1);
  for (let i = 0; i < Math.min(rise, factors.length); i++) factors[i] = i / (rise - 1);
  for (let i = 0; i < fall; i++) factors[held + i] = 1 - i / (fall - 1);
  return factors;
}
