import type { OptionNames } from '@gansynth/common/check-options';
import { checkOptions } from '../check-options.js';
import ndarray from 'ndarray';
import { ArgumentError } from '../errors.js';
import { resample } from '../decode/resample.js';
import { parseLabels, toMetadata } from '../notes/labels.js';
import type { Note } from '../notes/note.js';
import type { Family, Source } from '../notes/vocabulary.js';
import { writeJsonWav } from '../formats/write-json-wav.js';
import { familyOfProgram, sourceOfProgram } from './general-midi.js';
import { renderRate, SoundFont } from './sound-font.js';

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

/** 80 dB below full scale. */
const silence = 1e-4;

function integers(name: string, values: readonly number[]): readonly number[] {
  const wrong = values.find((value) => !Number.isInteger(value) || value < 0 || value > 127);
  if (wrong !== undefined || values.length === 0)
    throw new ArgumentError(
      `renderSoundFont: expected ${name} to be whole numbers from 0 to 127, found ${wrong ?? 'none'}`,
      values,
    );
  return [...new Set(values)];
}

function within(name: string, value: number, lowest: number, highest: number): number {
  if (!(value >= lowest && value <= highest))
    throw new ArgumentError(`renderSoundFont: expected ${name} from ${lowest} to ${highest}, found ${value}`, value);
  return value;
}

/** Every combination, programs slowest, velocities fastest. */
function* combinations(...lists: readonly (readonly number[])[]): Generator<[program: number, pitch: number, velocity: number]> {
  const [programs = [], pitches = [], velocities = []] = lists;
  for (const program of programs) {
    for (const pitch of pitches) for (const velocity of velocities) yield [program, pitch, velocity];
  }
}

/**
 * Notes of a bank of a SoundFont, one after the other: programs x pitches x velocities, mono, without reverb or chorus. Notes that stay silent,
 * for instance outside an instrument's range, are left out.
 *
 * @param path an .sf2 or .sf3 file
 */
export async function* soundFontNotes(
  path: string,
  options: SoundFontOptions = {},
): AsyncGenerator<Pick<Note, 'audio' | 'metadata'>> {
  checkOptions('soundFontNotes', options, soundFontOptionNames);

  const pitches = integers('pitches', options.pitches ?? Array.from({ length: 61 }, (_, index) => 24 + index));
  const velocities = integers('velocities', options.velocities ?? [25, 50, 75, 100, 127]).filter((velocity) => velocity > 0);
  const sampleRate = within('sampleRate', options.sampleRate ?? 16000, 1000, 192_000);
  const on = Math.round(within('secondsOn', options.secondsOn ?? 3, 0.01, 60) * renderRate);
  const length = on + Math.round(within('secondsRelease', options.secondsRelease ?? 1, 0, 60) * renderRate);
  const peak = options.peak ?? 0.95;
  if (peak !== false) within('peak', peak, 1e-3, 1);
  const { family = familyOfProgram, source = sourceOfProgram, onProgress, signal } = options;
  if (options.programs !== undefined) integers('programs', options.programs);

  const font = await SoundFont.load(path);
  try {
    const banks = [...font.banks.keys()];
    const bank = options.bank ?? Math.min(...banks);
    const present = font.banks.get(bank);
    if (present === undefined)
      throw new ArgumentError(`renderSoundFont: expected a bank that ${path} has (${banks.join(', ')}), found ${bank}`, bank);
    const programs = options.programs ?? present;
    const absent = programs.find((program) => !present.includes(program));
    if (absent !== undefined)
      throw new ArgumentError(
        `renderSoundFont: expected programs that ${path} has in bank ${bank} (${present.join(', ')}), found ${absent}`,
        absent,
      );
    const total = programs.length * pitches.length * velocities.length;
    let [done, silent] = [0, 0];
    for (const [program, pitch, velocity] of combinations(programs, pitches, velocities)) {
      signal?.throwIfAborted();
      const audio = resample(font.render({ bank, program, pitch, velocity }, on, length), renderRate, sampleRate);
      const loudest = audio.reduce((most, value) => Math.max(most, Math.abs(value)), 0);
      const isSilent = !(loudest >= silence);
      done++;
      if (isSilent) silent++;
      onProgress?.({ type: 'rendering', bank, program, pitch, velocity, done, total, silent });
      if (isSilent) continue;
      const target = peak === false ? Math.min(loudest, 1) : peak;
      const instrument = 128 * bank + program;
      const name = `${family(program)}_${source(program)}_${String(instrument).padStart(3, '0')}`;
      const labels = parseLabels({
        note: done - silent - 1,
        note_str: `${name}-${String(pitch).padStart(3, '0')}-${String(velocity).padStart(3, '0')}`,
        instrument,
        instrument_str: name,
        instrument_family_str: family(program),
        instrument_source_str: source(program),
        pitch,
        velocity,
        qualities_str: [],
        sample_rate: sampleRate,
      });
      yield { audio: ndarray(audio.map((value) => (value * target) / loudest)), metadata: toMetadata(labels) };
    }
  } finally {
    font.close();
  }
}

/**
 * Renders a SoundFont into an NSynth-format folder, to train on without a download.
 *
 * @param path an .sf2 or .sf3 file
 * @param options.to folder to be made; must not hold a collection yet
 * @returns notes written, notes left out because they were silent, and the bank they are of; where no note was written nothing is left
 */
export async function renderSoundFont(
  path: string,
  { to, ...options }: SoundFontOptions & { readonly to: string },
): Promise<{ readonly notes: number; readonly silent: number; readonly bank: number }> {
  let [silent, bank] = [0, 0];
  const onProgress = (event: SoundFontProgress): void => {
    ({ silent, bank } = event);
    options.onProgress?.(event);
  };
  const notes = await writeJsonWav(to, soundFontNotes(path, { ...options, onProgress }));
  return { notes, silent, bank };
}
