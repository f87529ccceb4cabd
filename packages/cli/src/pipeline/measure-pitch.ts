import { trackPitch } from '@gansynth/metrics';

export interface MeasuredPitch {
  /** Nearest MIDI pitch. */
  readonly pitch: number;
  /** How periodic the note is there, 0 to 1. */
  readonly clarity: number;
}

/**
 * The pitch of a note of which nothing is known. The tracker looks half an octave around a pitch it is told; here it is told one in each
 * octave of the range. A period's multiples fit a note nearly as well as the period itself, so the highest of about equally clear ones counts.
 */
export function measurePitch(
  audio: Float32Array,
  sampleRate: number,
  [low, high]: readonly [number, number],
): MeasuredPitch | undefined {
  const tried: MeasuredPitch[] = [];
  for (let around = low + 6; around - 6 <= high; around += 12) {
    const { hertz, clarity } = trackPitch(audio, { sampleRate, pitch: around });
    if (hertz !== null) tried.push({ pitch: Math.round(69 + 12 * Math.log2(hertz / 440)), clarity });
  }
  const clearest = Math.max(...tried.map(({ clarity }) => clarity));
  return tried.filter(({ clarity }) => clarity > 0.9 * clearest && clarity > 0.3).sort((a, b) => b.pitch - a.pitch)[0];
}
