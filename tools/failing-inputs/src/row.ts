import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { type Note, openDataset } from '@gansynth/nsynth-data';
import { type Finished, gansynth } from './gansynth.js';

/** One kind of input, and what must become of it. */
export interface Row {
  /** What goes wrong elsewhere, in a few words: part of the test's name. */
  readonly about: string;
  /** Writes the inputs into an empty folder. */
  make(folder: string): Promise<void> | void;
  /** Runs the command on the inputs and expects the right result. */
  check(bench: Bench): Promise<void>;
}

/** What became of one file of `data import`, as its report says. */
export interface ReportedFile {
  readonly file: string;
  readonly status: 'imported' | 'refused';
  readonly id?: string;
  readonly pitch?: number;
  readonly reason?: string;
  readonly done?: readonly string[];
  readonly warnings?: readonly string[];
}

export interface Imported extends Finished {
  /** Report of the file whose path in the folder ends in `name`. */
  readonly file: (name: string) => ReportedFile;
  readonly report: { readonly imported: number; readonly refused: number; readonly warnings?: readonly string[] };
  /** The notes made, in the order of the collection. */
  readonly notes: () => Promise<Note[]>;
}

/** Where a row is tried: its inputs, a folder to work in, and the command. */
export class Bench {
  /** Holds the row's inputs: a copy, which may be changed. */
  readonly inputs: string;
  /** Where the command runs; empty at first. */
  readonly folder: string;

  constructor(inputs: string, folder: string) {
    this.inputs = inputs;
    this.folder = folder;
  }

  /** Runs the command in `folder`. Inputs are named by `join(inputs, ...)`. */
  gansynth(...words: string[]): Promise<Finished> {
    return gansynth(words, this.folder);
  }

  /** `gansynth data import <inputs> --to x --report x.json`, and what came of it. */
  async import(inputs: string = this.inputs, ...words: string[]): Promise<Imported> {
    const finished = await this.gansynth('data', 'import', inputs, '--to', 'x', '--report', 'x.json', ...words);
    const report = JSON.parse(readFileSync(join(this.folder, 'x.json'), 'utf8')) as Imported['report'] & {
      files: ReportedFile[];
    };
    const file = (name: string): ReportedFile => {
      const found = report.files.find((entry) => entry.file.endsWith(name));
      if (found === undefined) throw new Error(`no ${name} in the report: ${report.files.map((entry) => entry.file).join(', ')}`);
      return found;
    };
    const notes = async (): Promise<Note[]> => {
      const dataset = await openDataset(join(this.folder, 'x'), { index: false });
      const made: Note[] = [];
      for await (const note of dataset.notes()) made.push(note);
      return made;
    };
    return { ...finished, report, file, notes };
  }
}
