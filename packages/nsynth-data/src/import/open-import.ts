import { systemCodeOf } from '@gansynth/common/errors';
import { readdir } from 'node:fs/promises';
import { basename, join, relative } from 'node:path';
import { ArgumentError } from '../errors.js';
import { FolderImport } from './folder-import.js';
import { type ImportOptions, type ImportSettings, importSettings } from './import-options.js';
import type { ImportEntry, ImportReport } from './import-report.js';
import { findSidecar, readSidecar } from './sidecar.js';

const notSounds = /^(?:labels\.(?:json|csv)|\..*)$/;

async function* filesUnder(folder: string, prefix = ''): AsyncGenerator<string> {
  const entries = await readdir(join(folder, prefix), { withFileTypes: true });
  entries.sort((a, b) => (a.name < b.name ? -1 : 1));
  for (const entry of entries) {
    const path = join(prefix, entry.name);
    if (entry.isDirectory()) yield* filesUnder(folder, path);
    else yield path;
  }
}

async function listed(folder: string): Promise<string[]> {
  const files: string[] = [];
  try {
    for await (const file of filesUnder(folder)) files.push(file);
  } catch (cause) {
    const code = systemCodeOf(cause) ?? String(cause);
    throw new ArgumentError(`importFolder: expected a folder that can be read, found ${folder} (${code})`, folder);
  }
  return files;
}

/** A few of many, for a sentence. */
const some = (items: readonly string[]): string =>
  `${items.slice(0, 10).join(', ')}${items.length > 10 ? ` and ${items.length - 10} more` : ''}`;

/** A folder that is about to be imported. */
export interface OpenImport {
  readonly settings: ImportSettings;
  /** Of the sounds by their names, in their order. */
  readonly sounds: readonly string[];
  /** A table of labels, if there is one. */
  readonly tablePath: string | undefined;
  readonly run: FolderImport;
  /** Weighs the names by the sounds that were listened to; what became of every file then. */
  weighed(): (imported: number) => ImportReport;
}

/** Lists a folder, and reads its table of labels. */
export async function openImport(folder: string, options: ImportOptions): Promise<OpenImport> {
  const settings = importSettings(folder, options);
  const files = await listed(folder);
  const tablePath = options.sidecar ?? (await findSidecar(folder));
  const tableFile = tablePath === undefined ? '' : relative(folder, tablePath);
  const known = new Set(files);
  const isSidecar = (file: string): boolean =>
    file === tableFile ||
    (file.endsWith('.json') &&
      ['.wav', '.aif', '.aiff', '.flac', '.mp3', '.ogg'].some((extension) => known.has(file.replace(/\.json$/, extension))));
  const sounds = files.filter((file) => !isSidecar(file) && !notSounds.test(basename(file)));
  const table = tablePath === undefined ? undefined : await readSidecar(tablePath, sounds);
  const run = new FolderImport(folder, settings, table);
  for (const file of files) {
    if (isSidecar(file)) run.refuse(file, 'read as labels');
    else if (notSounds.test(basename(file))) run.refuse(file, 'no sound by its name');
  }
  return {
    settings,
    sounds,
    tablePath,
    run,
    weighed() {
      const middleC = run.weighNames(sounds);
      const warnings: string[] = [];
      if (middleC !== undefined && middleC.octave !== (settings.middleC ?? middleC.octave))
        warnings.push(
          `the names are taken with middle C (MIDI 60) as C${settings.middleC}, but ${middleC.agreeing} of ${middleC.of} sounds have it as C${middleC.octave}`,
        );
      else if (middleC !== undefined && settings.middleC === undefined)
        warnings.push(
          `the names have middle C (MIDI 60) as C${middleC.octave}: ${middleC.agreeing} of ${middleC.of} sounds bear that out, and so they were read`,
        );
      if (table !== undefined && table.unmatched.length > 0)
        warnings.push(
          `${table.unmatched.length} rows of ${basename(tableFile)} name no file, or none alone: ${some(table.unmatched)}`,
        );
      const unlabelled = table === undefined ? [] : sounds.filter((file) => !table.has(file));
      if (unlabelled.length > 0)
        warnings.push(`${unlabelled.length} files have no row in ${basename(tableFile)}: ${some(unlabelled)}`);
      return (imported) => {
        const entries = files.flatMap((file): ImportEntry[] => [run.entries.get(file) ?? []].flat());
        const refused = entries.length - imported;
        return { imported, refused, warnings, files: entries, ...(middleC === undefined ? {} : { middleC }) };
      };
    },
  };
}

/** What is written beside the notes. */
export const reportFile = (
  reportOf: (imported: number) => ImportReport,
): { name: string; content: (count: number) => string } => ({
  name: 'import-report.json',
  content: (count) => `${JSON.stringify(reportOf(count), undefined, 2)}\n`,
});
