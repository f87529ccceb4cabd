import { join } from 'node:path';
import type { Context } from '../app/command.js';
import { inARow } from '../audio/in-a-row.js';
import { writeWav } from '../audio/write-wav.js';

/** Where the notes of an interpolation go. */
export interface RowPlace {
  /** Folder of the row, below the whole's; '' where there is but one row. */
  readonly kind: string;
  /** What all its notes have, such as a pitch; '' where there is but one. */
  readonly label: string;
  /** Hz */
  readonly sampleRate: number;
}

/** Writes an interpolation note by note, tells what would be kept if it were stopped, and joins each row that is whole. */
export class InterpolationFiles {
  /** Of single notes, then of rows. */
  readonly files: string[] = [];
  readonly wholes: string[] = [];
  readonly #out: string;
  readonly #total: number;
  readonly #seconds: number;
  readonly #keeps: Context['keeps'];
  #beginnings = 0;

  /**
   * @param total notes there will be
   * @param seconds of each note in the file that joins a row
   */
  constructor(out: string, { total, seconds, keeps }: { total: number; seconds: number; keeps: Context['keeps'] }) {
    this.#out = out;
    this.#total = total;
    this.#seconds = seconds;
    this.#keeps = keeps;
  }

  /**
   * @param whole false for the beginning of a note that was stopped on the way
   * @returns as much of it as the file that joins its row takes
   */
  async note({ kind, label, sampleRate }: RowPlace, step: number, audio: Float32Array, whole = true): Promise<Float32Array> {
    const name = [...(label === '' ? [] : [label]), `step-${String(step).padStart(2, '0')}.wav`].join('-');
    const file = join(this.#out, kind, name);
    await writeWav(file, audio, sampleRate);
    if (whole) this.files.push(file);
    else this.#beginnings++;
    const begun = this.#beginnings === 0 ? '' : `, and the beginnings of ${this.#beginnings} more`;
    this.#keeps(`${this.files.length} of ${this.#total} notes are in ${this.#out}${begun}.`);
    return audio.slice(0, Math.round(this.#seconds * sampleRate));
  }

  /** @param beginnings what {@link note} gave of the row's notes, in their order */
  async row({ kind, label, sampleRate }: RowPlace, beginnings: readonly Float32Array[]): Promise<void> {
    const file = join(this.#out, kind, `${label === '' ? 'all' : label}.wav`);
    await writeWav(file, inARow(beginnings, beginnings[0]?.length ?? 0), sampleRate);
    this.wholes.push(file);
  }
}
