import type { DecodedSound } from '../decode/aiff.js';
import { onsetOf } from './onset.js';
import { resample } from '../decode/resample.js';

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
/** A constant below this share of the peak is left where it is. */
const leastOffset = 0.005;

const powerOf = (audio: Float32Array): number => audio.reduce((sum, value) => sum + value * value, 0);
export const peakOf = (audio: Float32Array): number => audio.reduce((most, value) => Math.max(most, Math.abs(value)), 0);

/**
 * The mean of channels of equal length. Channels in opposite phase, which would cancel, are not mixed: the loudest is taken.
 *
 * @returns the audio, and whether channels were left out
 */
export function mixToMono(channels: readonly Float32Array[]): { readonly audio: Float32Array; readonly isOpposite: boolean } {
  const [first = new Float32Array()] = channels;
  if (channels.length <= 1) return { audio: first, isOpposite: false };
  const scale = 1 / channels.length;
  const audio = new Float32Array(first.length);
  for (const channel of channels) for (let i = 0; i < audio.length; i++) audio[i] = (audio[i] ?? 0) + (channel[i] ?? 0) * scale;
  const powers = channels.map(powerOf);
  const mean = powers.reduce((sum, power) => sum + power, 0) * scale;
  // Channels that have nothing to do with each other leave 1 / n of their mean power.
  if (powerOf(audio) >= 0.5 * scale * mean) return { audio, isOpposite: false };
  return { audio: channels[powers.indexOf(Math.max(...powers))] ?? first, isOpposite: mean > 0 };
}

/** The constant under a sound: its mean, with ends that count for little, so that half a period more or less does not matter. */
function offsetOf(audio: Float32Array): number {
  let [sum, weights] = [0, 0];
  for (let i = 0; i < audio.length; i++) {
    const weight = 1 - Math.cos((2 * Math.PI * (i + 0.5)) / audio.length);
    sum += weight * (audio[i] ?? 0);
    weights += weight;
  }
  return weights === 0 ? 0 : sum / weights;
}

/**
 * Makes a note of a sound: mixed to mono, a constant under it taken away, resampled, silence and faint noise before it removed, brought to
 * length. A sound that is cut fades out over 10 ms. A level that would clip is lowered.
 *
 * @returns the audio, in words what was done, and the peak the sound had; `undefined` audio if the sound is silent
 */
export function shapeAudio(
  sound: DecodedSound,
  { sampleRate, samples, trimBelow, peak }: ShapeOptions,
): { readonly audio: Float32Array | undefined; readonly done: string[]; readonly peak: number } {
  const done: string[] = [];
  const mixed = mixToMono(sound.channels);
  let { audio } = mixed;
  if (mixed.isOpposite) done.push(`took the loudest of ${sound.channels.length} channels: in opposite phase they cancel`);
  else if (sound.channels.length > 1) done.push(`mixed ${sound.channels.length} channels to one`);
  const offset = offsetOf(audio);
  const swing = audio.reduce((most, value) => Math.max(most, Math.abs(value - offset)), 0);
  if (Math.abs(offset) > leastOffset * swing) {
    audio = audio.map((value) => value - offset);
    if (swing > 0) done.push(`removed a constant of ${offset.toFixed(3)}`);
  }
  if (sound.sampleRate !== sampleRate) {
    audio = resample(audio, sound.sampleRate, sampleRate);
    done.push(`resampled from ${sound.sampleRate} Hz to ${sampleRate} Hz`);
  }
  let loudest = peakOf(audio);
  const original = loudest;
  if (loudest < 1e-4) return { audio: undefined, done, peak: original };
  if (trimBelow !== false) {
    const { at, isNoise } = onsetOf(audio, sampleRate, trimBelow);
    const start = Math.max(0, at - Math.round(leadSeconds * sampleRate));
    if (start > 0)
      done.push(`removed ${(start / sampleRate).toFixed(3)} s of ${isNoise ? 'faint noise' : 'silence'} before the note`);
    audio = audio.subarray(start);
  }
  if (audio.length > samples) {
    done.push(`cut from ${(audio.length / sampleRate).toFixed(2)} s`);
    audio = audio.slice(0, samples);
    const ramp = Math.min(samples, Math.round(rampSeconds * sampleRate));
    for (let i = 0; i < ramp; i++) audio[samples - 1 - i] = (audio[samples - 1 - i] ?? 0) * (i / ramp);
  } else if (audio.length < samples) {
    done.push(`padded from ${(audio.length / sampleRate).toFixed(2)} s`);
    const padded = new Float32Array(samples);
    padded.set(audio);
    audio = padded;
  }
  loudest = peakOf(audio);
  const target = peak === false ? Math.min(loudest, 32767 / 32768) : peak;
  if (target !== loudest && loudest > 0) {
    audio = audio.map((value) => (value * target) / loudest);
    done.push(`scaled from a peak of ${loudest.toFixed(3)} to ${target.toFixed(3)}`);
  }
  return { audio, done, peak: original };
}
