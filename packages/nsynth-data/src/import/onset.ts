const frameSeconds = 0.01;
/** A floor is looked for in at least so many frames. */
const leastFrames = 10;
/** Noise stays within this, dB; an attack does not. */
const steady = 4;
/** A note begins where it stands out of the noise by this, dB. */
const aboveFloor = 6;
/** Noise louder than this, dB below the peak, is not told from a note. */
const loudestFloor = -20;
/** Quieter than this, dB below the peak, is silence. */
const silence = -90;

const decibels = (amplitude: number, peak: number): number =>
  amplitude > 0 ? 20 * Math.log10(amplitude / peak) : Number.NEGATIVE_INFINITY;

/**
 * Where a note begins: the first sample that exceeds `trimBelow`, or that stands out of steady noise before the note.
 *
 * @param audio without a constant offset
 * @param sampleRate Hz
 * @param trimBelow dB below the peak
 * @returns the sample, and whether noise decided
 */
export function onsetOf(
  audio: Float32Array,
  sampleRate: number,
  trimBelow: number,
): { readonly at: number; readonly isNoise: boolean } {
  const size = Math.max(1, Math.round(frameSeconds * sampleRate));
  const peak = audio.reduce((most, value) => Math.max(most, Math.abs(value)), 0);
  const levels = Array.from({ length: Math.ceil(audio.length / size) }, (_, frame) => {
    let most = 0;
    for (let i = frame * size; i < Math.min(audio.length, (frame + 1) * size); i++)
      most = Math.max(most, Math.abs(audio[i] ?? 0));
    return decibels(most, peak);
  });
  const floor = noiseFloor(levels);
  const isNoise = floor !== undefined && floor + aboveFloor > trimBelow;
  const threshold = peak * 10 ** ((isNoise ? floor + aboveFloor : trimBelow) / 20);
  return {
    at: Math.max(
      0,
      audio.findIndex((value) => Math.abs(value) >= threshold),
    ),
    isNoise,
  };
}

/** Level of steady noise before the note, dB below its peak; undefined if there is none. */
function noiseFloor(levels: readonly number[]): number | undefined {
  const loud = levels.findIndex((level) => level > -12);
  const before = levels
    .slice(0, Math.max(0, loud))
    .filter((level) => level > silence)
    .sort((a, b) => a - b);
  if (before.length < leastFrames) return undefined;
  const [low = 0, high = 0] = [0.1, 0.6].map((share) => before[Math.floor(share * before.length)]);
  return high - low <= steady && high <= loudestFloor ? high : undefined;
}
