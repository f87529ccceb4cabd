import { messageOf } from '@gansynth/common/errors';
import type { BasicSoundBank, SpessaSynthProcessor } from 'spessasynth_core';
import { BadFileError } from '../errors.js';
import { Mismatch } from '../notes/labels.js';
import { readWhole } from '../files/plain-file.js';
import { checkTables } from './check-tables.js';

/** Hz, of everything rendered. */
export const renderRate = 48_000;
/** The synthesiser moves its envelopes and oscillators on once per block. */
const blockLength = 128;
/** MIDI's controller that chooses a bank, before the program. */
const bankSelect = 0;
const largestFile = 2 ** 31 - 1;

/** The bytes as a buffer of their own: a view may be part of a larger one. */
function ownBuffer(bytes: Uint8Array): ArrayBuffer {
  const { buffer } = bytes;
  return buffer instanceof ArrayBuffer && buffer.byteLength === bytes.byteLength ? buffer : new Uint8Array(bytes).buffer;
}

/** What is played. */
export interface Key {
  readonly bank: number;
  readonly program: number;
  readonly pitch: number;
  readonly velocity: number;
}

/** A loaded SoundFont with a synthesiser that plays it dry. */
export class SoundFont {
  readonly #synth: SpessaSynthProcessor;
  /** Programs of each bank, both ascending; no drums. */
  readonly banks: ReadonlyMap<number, readonly number[]>;

  private constructor(synth: SpessaSynthProcessor, bank: BasicSoundBank) {
    this.#synth = synth;
    const melodic = bank.presets.filter(({ bankLSB, isDrum }) => bankLSB === 0 && !isDrum);
    const numbers = [...new Set(melodic.map(({ bankMSB }) => bankMSB))].sort((a, b) => a - b);
    const programsOf = (number: number): number[] =>
      [...new Set(melodic.filter(({ bankMSB }) => bankMSB === number).map(({ program }) => program))].sort((a, b) => a - b);
    this.banks = new Map(numbers.map((number) => [number, programsOf(number)]));
  }

  /** @throws BadFileError if the file is no SoundFont, or has nothing but drums */
  static async load(path: string): Promise<SoundFont> {
    const bytes = await readWhole(path, { limit: largestFile });
    const { BasicSoundBank, SoundBankLoader, SpessaLog, SpessaSynthProcessor } = await import('spessasynth_core');
    SpessaLog.setLogLevel(false, false, false);
    let bank: BasicSoundBank;
    try {
      checkTables(bytes);
      await BasicSoundBank.isSF3DecoderReady;
      bank = SoundBankLoader.fromArrayBuffer(ownBuffer(bytes));
    } catch (cause) {
      const message = messageOf(cause);
      const reason = cause instanceof Mismatch ? message : `expected a SoundFont (.sf2 or .sf3), found ${message}`;
      throw new BadFileError({ file: path, reason }, { cause });
    }
    const synth = new SpessaSynthProcessor(renderRate, { effectsEnabled: false, eventsEnabled: false });
    synth.soundBankManager.addSoundBank(bank, 'main');
    await synth.processorInitialized;
    const font = new SoundFont(synth, bank);
    if (font.banks.size > 0) return font;
    const found = bank.presets.length === 0 ? 'no presets' : 'drum kits and nothing else';
    font.close();
    throw new BadFileError({ file: path, reason: `expected presets that play pitches, found ${found}` });
  }

  /** One note, key down for the first `on` of `length` samples; both channels mixed to one. */
  render({ bank, program, pitch, velocity }: Key, on: number, length: number): Float32Array {
    const [left, right] = [new Float32Array(length), new Float32Array(length)];
    this.#synth.reset();
    this.#synth.controllerChange(0, bankSelect, bank);
    this.#synth.programChange(0, program);
    this.#synth.noteOn(0, pitch, velocity);
    for (let at = 0; at < length;) {
      const end = Math.min(at + blockLength, at < on ? on : length);
      this.#synth.process(left, right, at, end - at);
      at = end;
      if (at === on) this.#synth.noteOff(0, pitch);
    }
    this.#synth.stopAllChannels(true);
    return left.map((value, index) => (value + right[index]!) / 2);
  }

  close(): void {
    this.#synth.destroySynthProcessor();
  }
}
