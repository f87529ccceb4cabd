import type { OptionNames } from '@gansynth/common/check-options';
import { resolve, sep } from 'node:path';
import { ArgumentError } from '../errors.js';
import type { Family, Source } from '../notes/vocabulary.js';

/** How far an import has come. */
export interface ImportProgress {
  /** First every sound is listened to, then the notes are made. */
  readonly type: 'listening' | 'importing';
  readonly file: string;
  readonly done: number;
  readonly total: number;
}

export interface ImportOptions {
  /** Folder of the collection to be made; made if missing, must not hold one yet. */
  readonly to: string;
  /** Hz. Default 16000. */
  readonly sampleRate?: number;
  /** Length of every note. Default 4. */
  readonly seconds?: number;
  /** Silence before a note, in dB below its peak, is removed, and steady noise up to 20 dB below it. Default -50; `false` keeps both. */
  readonly trimBelow?: number | false;
  /** Scale every note to this peak, over 0 and at most 1. Default `false`: levels stay. */
  readonly peak?: number | false;
  /** A table of labels, JSON or CSV. Default: `labels.json` or `labels.csv` in the folder, if there is one. */
  readonly sidecar?: string;
  /**
   * The octave that middle C (MIDI 60) is written with in file names. Default: what the sounds bear out, if at least three of them and four
   * out of five agree, otherwise 4.
   */
  readonly middleC?: number;
  /** A measured pitch less certain than this counts for nothing. Default 0.8. */
  readonly minConfidence?: number;
  /** What no sidecar says. Default `acoustic`. */
  readonly source?: Source;
  /** What no sidecar says. Default: the family of the instrument that the path names, otherwise `unknown`. */
  readonly family?: Family;
  /** What neither sidecar nor name says. Default 100. */
  readonly velocity?: number;
  readonly onProgress?: (event: ImportProgress) => void;
  readonly signal?: AbortSignal;
}

/** Their names, each once. */
export const importOptionNames: OptionNames<ImportOptions> = {
  to: true,
  sampleRate: true,
  seconds: true,
  trimBelow: true,
  peak: true,
  sidecar: true,
  middleC: true,
  minConfidence: true,
  source: true,
  family: true,
  velocity: true,
  onProgress: true,
  signal: true,
};

/** Settings after defaults and checks. */
export type ImportSettings = Required<
  Pick<ImportOptions, 'to' | 'sampleRate' | 'seconds' | 'trimBelow' | 'peak' | 'minConfidence' | 'source' | 'velocity'>
> &
  Pick<ImportOptions, 'family' | 'middleC'>;

/** @throws ArgumentError */
export function importSettings(folder: string, options: ImportOptions): ImportSettings {
  const settings: ImportSettings = {
    to: options.to,
    sampleRate: options.sampleRate ?? 16000,
    seconds: options.seconds ?? 4,
    trimBelow: options.trimBelow ?? -50,
    peak: options.peak ?? false,
    minConfidence: options.minConfidence ?? 0.8,
    source: options.source ?? 'acoustic',
    velocity: options.velocity ?? 100,
    ...(options.middleC === undefined ? {} : { middleC: options.middleC }),
    ...(options.family === undefined ? {} : { family: options.family }),
  };
  const check = (name: keyof ImportSettings, holds: boolean, wanted: string): void => {
    if (!holds)
      throw new ArgumentError(`importFolder: expected ${name} ${wanted}, found ${String(settings[name])}`, settings[name]);
  };
  const { seconds, sampleRate, trimBelow, peak, minConfidence, velocity, middleC } = settings;
  check('sampleRate', Number.isInteger(sampleRate) && sampleRate >= 1000 && sampleRate <= 768_000, 'from 1000 to 768000 Hz');
  check('seconds', seconds > 0 && seconds <= 600, 'over 0 and up to 600');
  check('trimBelow', trimBelow === false || (trimBelow < 0 && trimBelow >= -200), 'from -200 to below 0 dB, or false');
  check('peak', peak === false || (peak > 0 && peak <= 1), 'over 0 and up to 1, or false');
  check('minConfidence', minConfidence >= 0 && minConfidence <= 1, 'from 0 to 1');
  check('velocity', Number.isInteger(velocity) && velocity >= 0 && velocity <= 127, 'a whole number from 0 to 127');
  check('middleC', middleC === undefined || Number.isInteger(middleC), 'a whole number');
  check('to', !`${resolve(settings.to)}${sep}`.startsWith(`${resolve(folder)}${sep}`), 'outside the folder that is imported');
  return settings;
}
