import { replaceFile } from '@gansynth/common/node';
import { joinAnswerSheets, type ListeningAnswerSheet, parseAnswerSheet } from '@gansynth/metrics';
import { existsSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { readJson } from '../recipes/library.js';
import type { TestKey } from './key.js';

/** Answers as they lie on disk, one file a listener. Each file appears whole, and never gives way to fewer answers. */
export class AnswerStore {
  readonly #sheets = new Map<string, ListeningAnswerSheet>();
  /** Sheets handed out, to whom is not known. */
  readonly #handedOut: number[];
  readonly #folder: string;
  readonly #key: TestKey;
  #writing: Promise<void> = Promise.resolve();

  /** @throws InputError or ValueError for a file in the folder that holds no answers to this test */
  constructor(folder: string, key: TestKey) {
    this.#folder = folder;
    this.#key = key;
    this.#handedOut = key.sheets.map(() => 0);
    const names = existsSync(folder) ? readdirSync(folder).filter((file) => /^[a-z0-9]+\.json$/.test(file)) : [];
    for (const name of names) {
      const path = join(folder, name);
      const sheet = this.parse(readJson(path), path);
      if ((this.#sheets.get(sheet.listener)?.revision ?? -1) < sheet.revision) this.#sheets.set(sheet.listener, sheet);
    }
  }

  /** @param name where they came from @throws ValueError for what is no answers, or answers to another test */
  parse(json: unknown, name: string): ListeningAnswerSheet {
    const sheet = parseAnswerSheet(json, name);
    joinAnswerSheets([{ name, sheet }], this.#key);
    return sheet;
  }

  /** The sheet that fewest have. */
  handOut(): number {
    const taken = [...this.#handedOut];
    for (const { sheet } of this.#sheets.values()) taken[sheet - 1]!++;
    const at = taken.indexOf(Math.min(...taken));
    this.#handedOut[at]!++;
    return at + 1;
  }

  /** @param sheet as {@link parse} gave it @returns the revision that is on disk: a later one, if that came first */
  async keep(sheet: ListeningAnswerSheet): Promise<number> {
    // One after the other: of two that come at once the later one stays.
    const turn = this.#writing;
    const write = async (): Promise<void> => {
      await turn;
      const before = this.#sheets.get(sheet.listener);
      if (before !== undefined && before.revision >= sheet.revision) return;
      await replaceFile(join(this.#folder, `${sheet.listener}.json`), `${JSON.stringify(sheet, null, 2)}\n`);
      this.#sheets.set(sheet.listener, sheet);
    };
    const written = write();
    this.#writing = written.catch(() => undefined);
    await written;
    return this.#sheets.get(sheet.listener)!.revision;
  }
}
