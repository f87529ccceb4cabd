import { PitchDetector } from 'pitchy';

export interface MeasuredPitch {
  /** MIDI, with its fraction. */
  readonly pitch: number;
  /** Share of the loud frames that agree within a quarter tone, weighted by how periodic they are: 0 to 1. */
  readonly confidence: number;
}

const frameSeconds = 0.128;
const frames = 24;

/**
 * Pitch of a note by McLeod's method (normalised square difference) over frames of its loud part; the median counts.
 *
 * @param audio mono, one note
 * @param sampleRate Hz
 * @returns undefined if no frame is loud or periodic enough
 */
export function measurePitch(audio: Float32Array, sampleRate: number): MeasuredPitch | undefined {
  // Four periods of the lowest MIDI pitches would need half a second; 128 ms hold four of 32 Hz, NSynth's lowest that occurs here.
  const length = 2 ** Math.round(Math.log2(frameSeconds * sampleRate));
  if (audio.length < length) return undefined;
  const detector = PitchDetector.forFloat32Array(length);
  const hop = Math.max(1, Math.floor((audio.length - length) / frames));
  const found: { pitch: number; clarity: number; power: number }[] = [];
  for (let start = 0; start + length <= audio.length; start += hop) {
    const frame = audio.subarray(start, start + length);
    const power = frame.reduce((sum, value) => sum + value * value, 0);
    const [frequency, clarity] = detector.findPitch(frame, sampleRate);
    found.push({ pitch: frequency > 0 ? 69 + 12 * Math.log2(frequency / 440) : Number.NaN, clarity, power });
  }
  const loudest = found.reduce((most, { power }) => Math.max(most, power), 0);
  // Frames more than 30 dB below the loudest are the tail of the note.
  const loud = found.filter(({ power }) => power > loudest / 1000);
  const pitches = loud.filter(({ pitch }) => pitch >= 0 && pitch < 128).map(({ pitch }) => pitch);
  if (loudest === 0 || pitches.length === 0) return undefined;
  const median = pitches.sort((a, b) => a - b)[pitches.length >> 1] as number;
  const agreeing = loud.filter(({ pitch }) => Math.abs(pitch - median) <= 0.5);
  return { pitch: median, confidence: agreeing.reduce((sum, { clarity }) => sum + clarity, 0) / loud.length };
}
