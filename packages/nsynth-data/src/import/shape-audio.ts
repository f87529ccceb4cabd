import type { DecodedSound } from './aiff.js';
import { resample } from './resample.js';

export interface ShapeOptions {
  /** Hz. */
  readonly sampleRate: number;
  /** Length wanted. */
  readonly samples: number;
  /** What counts as silence before a note, in dB below its peak; `false` leaves the beginning as it is. */
  readonly trimBelow: number | false;
  /** Peak to scale to, from 0 to 1; `false` leaves the level as it is. */
  readonly peak: number | false;
}

const rampSeconds = 0.01;
const leadSeconds = 0.002;

/** The mean of channels of equal length. */
export function mixToMono(channels: readonly Float32Array[]): Float32Array {
  const [first = new Float32Array()] = channels;
  if (channels.length <= 1) return first;
  const scale = 1 / channels.length;
  return first.map((_, index) => channels.reduce((sum, channel) => sum + (channel[index] as number) * scale, 0));
}

/**
 * Makes a note of a sound: mixed to mono, resampled, silence before it removed, brought to length. A sound that is cut fades out over
 * 10 ms. A level that would clip is lowered.
 *
 * @returns the audio, and in words what was done; `undefined` audio if the sound is silent
 */
export function shapeAudio(
  sound: DecodedSound,
  { sampleRate, samples, trimBelow, peak }: ShapeOptions,
): { audio: Float32Array | undefined; done: string[] } {
  const done: string[] = [];
  let audio = mixToMono(sound.channels);
  if (sound.channels.length > 1) done.push(`mixed ${sound.channels.length} channels to one`);
  if (sound.sampleRate !== sampleRate) {
    audio = resample(audio, sound.sampleRate, sampleRate);
    done.push(`resampled from ${sound.sampleRate} Hz to ${sampleRate} Hz`);
  }
  let loudest = audio.reduce((most, value) => Math.max(most, Math.abs(value)), 0);
  if (loudest < 1e-4) return { audio: undefined, done };
  if (trimBelow !== false) {
    const threshold = loudest * 10 ** (trimBelow / 20);
    const onset = audio.findIndex((value) => Math.abs(value) >= threshold);
    const start = Math.max(0, onset - Math.round(leadSeconds * sampleRate));
    if (start > 0) done.push(`removed ${(start / sampleRate).toFixed(3)} s of silence before the note`);
    audio = audio.subarray(start);
  }
  if (audio.length > samples) {
    done.push(`cut from ${(audio.length / sampleRate).toFixed(2)} s`);
    audio = audio.slice(0, samples);
    const ramp = Math.min(samples, Math.round(rampSeconds * sampleRate));
    for (let i = 0; i < ramp; i++) audio[samples - 1 - i] = (audio[samples - 1 - i] as number) * (i / ramp);
  } else if (audio.length < samples) {
    done.push(`padded from ${(audio.length / sampleRate).toFixed(2)} s`);
    const padded = new Float32Array(samples);
    padded.set(audio);
    audio = padded;
  }
  loudest = audio.reduce((most, value) => Math.max(most, Math.abs(value)), 0);
  const target = peak === false ? Math.min(loudest, 32767 / 32768) : peak;
  if (target !== loudest && loudest > 0) {
    audio = audio.map((value) => (value * target) / loudest);
    done.push(`scaled from a peak of ${loudest.toFixed(3)} to ${target.toFixed(3)}`);
  }
  return { audio, done };
}
