import type { Share } from '@gansynth/common/node';
import { ArgumentError } from '../errors.js';
import { resample } from '../decode/resample.js';
import { type LabelRecord, parseLabels } from '../notes/labels.js';
import { familyOfProgram, sourceOfProgram } from './general-midi.js';
import { renderRate, SoundFont } from './sound-font.js';
import type { SoundFontOptions } from './sound-font-options.js';

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

/** A note that was looked at. */
export interface PlayedNote {
  /** Its number among all combinations of programs, pitches and velocities. */
  readonly at: number;
  readonly bank: number;
  /** Undefined where it stays silent. */
  readonly sound: { readonly audio: Float32Array; readonly labels: LabelRecord } | undefined;
}

/**
 * Plays every combination of programs, pitches and velocities, or a share of them: every `of`-th, from the `index`-th. Silent ones are named as
 * that. What number a note has among those that sound depends on all of them: `labels.note` is 0.
 */
export async function* playedNotes(
  path: string,
  options: SoundFontOptions,
  { index, of }: Share = { index: 0, of: 1 },
): AsyncGenerator<PlayedNote> {
  const pitches = integers('pitches', options.pitches ?? Array.from({ length: 61 }, (_, step) => 24 + step));
  const velocities = integers('velocities', options.velocities ?? [25, 50, 75, 100, 127]).filter((velocity) => velocity > 0);
  const sampleRate = within('sampleRate', options.sampleRate ?? 16000, 1000, 192_000);
  const on = Math.round(within('secondsOn', options.secondsOn ?? 3, 0.01, 60) * renderRate);
  const length = on + Math.round(within('secondsRelease', options.secondsRelease ?? 1, 0, 60) * renderRate);
  const peak = options.peak ?? 0.95;
  if (peak !== false) within('peak', peak, 1e-3, 1);
  const { family = familyOfProgram, source = sourceOfProgram, onProgress, signal } = options;
  const asked = options.programs === undefined ? undefined : integers('programs', options.programs);

  const font = await SoundFont.load(path);
  try {
    const banks = [...font.banks.keys()];
    const bank = options.bank ?? Math.min(...banks);
    const present = font.banks.get(bank);
    if (present === undefined)
      throw new ArgumentError(`renderSoundFont: expected a bank that ${path} has (${banks.join(', ')}), found ${bank}`, bank);
    const programs = asked ?? present;
    const absent = programs.find((program) => !present.includes(program));
    if (absent !== undefined)
      throw new ArgumentError(
        `renderSoundFont: expected programs that ${path} has in bank ${bank} (${present.join(', ')}), found ${absent}`,
        absent,
      );
    const all = programs.length * pitches.length * velocities.length;
    const total = Math.ceil((all - index) / of);
    let [at, done, silent] = [-1, 0, 0];
    for (const [program, pitch, velocity] of combinations(programs, pitches, velocities)) {
      at++;
      if (at % of !== index) continue;
      signal?.throwIfAborted();
      const audio = resample(font.render({ bank, program, pitch, velocity }, on, length), renderRate, sampleRate);
      const loudest = audio.reduce((most, value) => Math.max(most, Math.abs(value)), 0);
      const isSilent = !(loudest >= silence);
      done++;
      if (isSilent) silent++;
      onProgress?.({ type: 'rendering', bank, program, pitch, velocity, done, total, silent });
      if (isSilent) {
        yield { at, bank, sound: undefined };
        continue;
      }
      const target = peak === false ? Math.min(loudest, 1) : peak;
      const instrument = 128 * bank + program;
      const name = `${family(program)}_${source(program)}_${String(instrument).padStart(3, '0')}`;
      const labels = parseLabels({
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
      yield { at, bank, sound: { audio: audio.map((value) => (value * target) / loudest), labels } };
    }
  } finally {
    font.close();
  }
}
