import { defaultLogistics } from './output-config.js';
import { waveNetConfig, type WaveNetConfig } from './wavenet-config.js';

/** MIDI 24 to 84: the pitches of the paper's subset of NSynth. */
const paperPitches: readonly number[] = Array.from({ length: 61 }, (_, index) => 24 + index);

const small = { layers: 20, width: 64, skipWidth: 128 } as const;
const smallPitch = { kind: 'pitch', pitches: paperPitches, width: 64 } as const;

/** Networks by name. Of each, any part may be changed: `waveNetConfig({ ...presets.small, width: 96 })`. */
export const presets: {
  /** NSynth's autoencoder, of which weights were released: 61,804,048 parameters. */
  readonly nsynth: WaveNetConfig;
  /** The GANSynth paper's 8-bit baseline. The width of the skips is not published: NSynth's. */
  readonly paper8bit: WaveNetConfig;
  /** The GANSynth paper's 16-bit baseline: a mixture of 10 logistics. */
  readonly paper16bit: WaveNetConfig;
  /** A 75th of the paper's work a sample. */
  readonly small: WaveNetConfig;
  /** Learns a few notes on two cores: 16 layers, 1,023 past samples in sight, the 25 pitches of two octaves. */
  readonly mini: WaveNetConfig;
} = {
  nsynth: waveNetConfig(),
  paper8bit: waveNetConfig({ conditioning: { kind: 'pitch', pitches: paperPitches } }),
  paper16bit: waveNetConfig({ output: defaultLogistics, conditioning: { kind: 'pitch', pitches: paperPitches } }),
  small: waveNetConfig({ ...small, conditioning: smallPitch }),
  mini: waveNetConfig({
    layers: 16,
    cycle: 8,
    width: 32,
    skipWidth: 64,
    conditioning: { kind: 'pitch', pitches: Array.from({ length: 25 }, (_, index) => 48 + index), width: 32 },
  }),
};
