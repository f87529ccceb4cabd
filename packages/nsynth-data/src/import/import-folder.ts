import { breathe } from '@gansynth/common/breathe';
import { systemCodeOf } from '@gansynth/common/errors';
import { checkOptions } from '../check-options.js';
import { readdir } from 'node:fs/promises';
import { basename, join, relative } from 'node:path';
import { ArgumentError } from '../errors.js';
import { writeCollection, type WritableNote } from '../formats/write-json-wav.js';
import { FolderImport } from './folder-import.js';
import { type ImportOptions, importSettings, importOptionNames } from './import-options.js';
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

/**
 * Makes an NSynth-format collection of any folder of sounds: WAV, AIFF, FLAC, MP3 and Ogg (Vorbis, Opus, FLAC), of any rate and number of channels.
 *
 * The pitch comes from a sidecar (`labels.json`, `labels.csv`, or `<sound>.json`); else from the file's name (`C#4`, `m61`, `-061-`, `061`), a
 * sampler's root key in the file, and what is measured, weighed against each other; what contradicts is reported. The instrument comes from the
 * sidecar, else from the folder, else from the name. A file of which this cannot be told is refused. The report lists every file; it is also
 * written as `import-report.json`. Where every file is refused, nothing is written.
 *
 * @param folder searched with its subfolders; nothing in it is changed
 */
export async function importFolder(folder: string, options: ImportOptions): Promise<ImportReport> {
  checkOptions('importFolder', options, importOptionNames);

  const settings = importSettings(folder, options);
  const { signal, onProgress } = options;
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

  const each = async function* (type: 'listening' | 'importing'): AsyncGenerator<string> {
    for (const [done, file] of sounds.entries()) {
      signal?.throwIfAborted();
      onProgress?.({ type, file, done, total: sounds.length });
      await breathe(signal);
      yield file;
    }
    signal?.throwIfAborted();
  };
  for await (const file of each('listening')) await run.listen(file);
  const middleC = run.weighNames();

  async function* notes(): AsyncGenerator<WritableNote> {
    for await (const file of each('importing')) {
      const note = await run.take(file);
      if (note !== undefined) yield note;
    }
  }
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
  const reportOf = (imported: number): ImportReport => {
    const entries = files.flatMap((file): ImportEntry[] => [run.entries.get(file) ?? []].flat());
    const refused = entries.length - imported;
    return { imported, refused, warnings, files: entries, ...(middleC === undefined ? {} : { middleC }) };
  };
  const content = (count: number): string => `${JSON.stringify(reportOf(count), undefined, 2)}\n`;
  return reportOf(await writeCollection(settings.to, notes(), { signal, attachment: { name: 'import-report.json', content } }));
}
