import type { OptionNames } from '@gansynth/common/check-options';
import type { Family, Source } from '../notes/vocabulary.js';

export interface SoundFontOptions {
  /** Bank of the SoundFont, 0 to 127. Default: the lowest it has, which is 0 in General MIDI. */
  readonly bank?: number;
  /** General MIDI programs, 0 to 127. Default: those of the bank that the SoundFont has. */
  readonly programs?: readonly number[];
  /** MIDI. Default 24 to 84, the paper's. */
  readonly pitches?: readonly number[];
  /** MIDI. Default 25, 50, 75, 100, 127, NSynth's. Where they differ in level only, an equal `peak` leaves near copies. */
  readonly velocities?: readonly number[];
  /** From key down to key up. Default 3, as in NSynth. */
  readonly secondsOn?: number;
  /** From key up to the end. Default 1. */
  readonly secondsRelease?: number;
  /** Hz. Default 16000. Rendered at 48000 Hz and brought down. */
  readonly sampleRate?: number;
  /** Peak of every note, over 0 and at most 1; `false` keeps the SoundFont's levels. Default 0.95. */
  readonly peak?: number | false;
  /** Default: the family the program has in General MIDI. */
  readonly family?: (program: number) => Family;
  /** Default: acoustic, electronic or synthetic as the program is in General MIDI. */
  readonly source?: (program: number) => Source;
  readonly onProgress?: (event: SoundFontProgress) => void;
  readonly signal?: AbortSignal;
}

/** Their names, each once. */
export const soundFontOptionNames: OptionNames<SoundFontOptions> = {
  bank: true,
  programs: true,
  pitches: true,
  velocities: true,
  secondsOn: true,
  secondsRelease: true,
  sampleRate: true,
  peak: true,
  family: true,
  source: true,
  onProgress: true,
  signal: true,
};

export interface SoundFontProgress {
  readonly type: 'rendering';
  readonly bank: number;
  readonly program: number;
  readonly pitch: number;
  readonly velocity: number;
  /** Notes looked at, silent ones included. */
  readonly done: number;
  readonly total: number;
  readonly silent: number;
}
