/**
 * Brings audio to a length as the original's input pipeline does: longer audio loses its end, shorter audio is centred between
 * zeros, the odd zero on the left.
 *
 * @param audio any length
 * @param samples the length wanted
 * @returns `audio` itself if its length is right already
 * @see magenta `gansynth/lib/datasets.py`
 */
export function cropOrPad(audio: Float32Array, samples: number): Float32Array {
  if (audio.length === samples) return audio;
  if (audio.length > samples) return audio.subarray(0, samples);
  const padded = new Float32Array(samples);
  const right = Math.floor((samples - audio.length) / 2);
  padded.set(audio, samples - audio.length - right);
  return padded;
}
