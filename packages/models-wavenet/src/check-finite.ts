import { ArgumentError } from './errors.js';

/** @throws ArgumentError naming the first sample that is not finite */
export function checkFinite(where: string, audio: Float32Array): void {
  const at = audio.findIndex((sample) => !Number.isFinite(sample));
  if (at >= 0) throw new ArgumentError(where, `expected finite samples, found ${audio[at]} at ${at}.`, audio[at]);
}
