import { breathe } from '@gansynth/common/breathe';
import { checkOptions } from '../check-options.js';
import { writeCollection, type WritableNote } from '../formats/write-json-wav.js';
import { type ImportOptions, importOptionNames } from './import-options.js';
import type { ImportReport } from './import-report.js';
import { openImport, reportFile } from './open-import.js';

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
  const { signal, onProgress } = options;
  const { settings, sounds, run, weighed } = await openImport(folder, options);

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
  const reportOf = weighed();

  async function* notes(): AsyncGenerator<WritableNote> {
    for await (const file of each('importing')) {
      const note = await run.take(file);
      if (note !== undefined) yield note;
    }
  }
  return reportOf(await writeCollection(settings.to, notes(), { signal, attachment: reportFile(reportOf) }));
}
