import { mkdirSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { encodeWav } from '@gansynth/nsynth-data';

export interface ToneOptions {
  /** Amplitudes of the harmonics from the fundamental on. */
  readonly partials?: readonly number[];
  readonly seconds?: number;
  /** Hz. */
  readonly sampleRate?: number;
  /** Highest absolute sample. */
  readonly peak?: number;
  /** Decay, 1/s. */
  readonly decay?: number;
}

/** A harmonic tone. */
export function tone(
  pitch: number,
  { partials = [1, 0.5, 0.33, 0.25, 0.2], seconds = 0.6, sampleRate = 16_000, peak = 0.6, decay = 1 }: ToneOptions = {},
): Float32Array {
  const hertz = 440 * 2 ** ((pitch - 69) / 12);
  const heard = partials.filter((_, index) => (index + 1) * hertz < sampleRate / 2);
  const audio = Float32Array.from({ length: Math.round(seconds * sampleRate) }, (_, n) => {
    const t = n / sampleRate;
    const sum = heard.reduce((all, amplitude, index) => all + amplitude * Math.sin(2 * Math.PI * (index + 1) * hertz * t), 0);
    return sum * Math.exp(-decay * t);
  });
  const loudest = audio.reduce((most, value) => Math.max(most, Math.abs(value)), 0);
  return audio.map((value) => (value * peak) / loudest);
}

/** Uniform noise, the same every time. */
export function noise(length: number, peak = 1): Float32Array {
  let state = 1;
  return Float32Array.from({ length }, () => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) | 0;
    return (peak * state) / 2 ** 31;
  });
}

/** Writes a file, and the folders it lies in. */
export function put(folder: string, name: string, content: Uint8Array | string): void {
  const path = join(folder, name);
  mkdirSync(dirname(path), { recursive: true });
  writeFileSync(path, content);
}

/** Writes a mono 16-bit WAV file, at 16 kHz unless said otherwise. */
export const putWav = (folder: string, name: string, audio: Float32Array, sampleRate = 16_000): void =>
  put(folder, name, encodeWav(audio, sampleRate));

/** Peak of some samples. */
export const peakOf = (audio: Float32Array): number => audio.reduce((most, value) => Math.max(most, Math.abs(value)), 0);

/** A 16-bit WAV file of several channels of equal length. */
export function encodeWavChannels(channels: readonly Float32Array[], sampleRate: number): Uint8Array {
  const [first = new Float32Array()] = channels;
  const interleaved = Float32Array.from(
    { length: first.length * channels.length },
    (_, index) => channels[index % channels.length]?.[Math.floor(index / channels.length)] ?? 0,
  );
  const wav = Buffer.from(encodeWav(interleaved, sampleRate));
  wav.writeUInt16LE(channels.length, 22);
  wav.writeUInt32LE(sampleRate * 2 * channels.length, 28);
  wav.writeUInt16LE(2 * channels.length, 32);
  return wav;
}

/** An `examples.json` of notes whose names are NSynth's. */
export const listing = (ids: readonly string[]): string =>
  JSON.stringify(
    Object.fromEntries(
      ids.map((id, note) => {
        const [instrument, pitch, velocity] = id.split('-');
        const labels = { note, note_str: id, instrument: 0, instrument_str: instrument, pitch: Number(pitch) };
        const sound = { velocity: Number(velocity), sample_rate: 16_000, qualities: Array.from({ length: 10 }, () => 0) };
        const kind = { qualities_str: [], instrument_family_str: 'guitar', instrument_source_str: 'acoustic' };
        return [id, { ...labels, ...sound, ...kind }];
      }),
    ),
    undefined,
    1,
  );
