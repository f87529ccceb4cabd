import { breathe } from '@gansynth/common/breathe';
import type { Share, Work } from '@gansynth/common/node';
import { createHash } from 'node:crypto';
import { stat } from 'node:fs/promises';
import { join } from 'node:path';
import { checkOptions } from '../check-options.js';
import { readWhole } from '../files/plain-file.js';
import { checkShare } from '../shares/check-share.js';
import { joinShares, type JoinedNote } from '../shares/join-shares.js';
import { type KeptNote, keptNotes, makeShare } from '../shares/make-share.js';
import { isListenedSound } from './listened-sound.js';
import { type ImportOptions, importOptionNames } from './import-options.js';
import type { ImportReport } from './import-report.js';
import { type OpenImport, openImport, reportFile } from './open-import.js';

/** What became of a share of an import. */
export interface SharedImport {
  /** Shares that are still to be made. */
  readonly missing: readonly number[];
  /** Sounds of this share. */
  readonly sounds: number;
  /** Of the whole; there once nothing is missing. */
  readonly report?: ImportReport;
}

/**
 * One of several machines' part of {@link importFolder}: listens to every `of`-th sound, from the `index`-th. Whichever share is done last weighs
 * the names of all, gives the notes theirs, and so makes the very collection that `importFolder` makes; before that there is none. A share that
 * was done is not done again.
 *
 * @throws ShareError if `to` holds shares of another division, of other sounds, or with other options
 */
export async function importShare(
  folder: string,
  { share, ...options }: ImportOptions & { readonly share: Share },
): Promise<SharedImport> {
  checkOptions('importShare', options, importOptionNames);
  checkShare('importShare', share);
  const opened = await openImport(folder, options);
  const { sounds, run, settings } = opened;
  const { signal, onProgress } = options;
  const own = sounds.map((file, at) => ({ file, at })).filter(({ at }) => at % share.of === share.index);
  const { missing, places } = await makeShare(settings.to, share, await workOf(folder, opened, signal), async (keep) => {
    for (const [done, { file, at }] of own.entries()) {
      onProgress?.({ type: 'listening', file, done, total: own.length });
      await breathe(signal);
      const listened = await run.listen(file);
      if (listened !== undefined) await keep(at, listened.sound, { audio: listened.audio, sampleRate: settings.sampleRate });
      else await keep(at, { file, refused: reasonOf(run.entries.get(file)) });
    }
  });
  if (missing.length > 0) return { missing, sounds: own.length };
  return { missing, sounds: own.length, report: await joinImport(opened, places, signal) };
}

const reasonOf = (entry: ImportReport['files'][number] | undefined): string =>
  entry?.status === 'refused' ? entry.reason : 'it was refused';

/** What decides what becomes of a folder. */
async function workOf(folder: string, { sounds, tablePath, settings }: OpenImport, signal?: AbortSignal): Promise<Work> {
  const hash = createHash('sha256');
  for (const file of sounds) {
    signal?.throwIfAborted();
    hash.update(`${file}\0${(await stat(join(folder, file))).size}\0`);
  }
  const { to: _to, ...how } = settings;
  return {
    sounds: hash.digest('hex'),
    options: JSON.stringify(how),
    labels:
      tablePath === undefined
        ? ''
        : createHash('sha256')
            .update(await readWhole(tablePath, { limit: 1 << 28 }))
            .digest('hex'),
  };
}

interface Placed extends KeptNote {
  readonly place: string;
}

/** Names and lists what all shares have kept. */
async function joinImport(
  { run, weighed, settings }: OpenImport,
  places: readonly string[],
  signal?: AbortSignal,
): Promise<ImportReport> {
  const kept: Placed[] = [];
  for (const place of places) for (const note of await keptNotes(place)) kept.push({ ...note, place });
  kept.sort((a, b) => a.at - b.at);
  for (const { about } of kept) {
    if (isListenedSound(about)) run.recall(about);
    else if (isRefused(about)) run.refuse(about.file, about.refused);
  }
  const reportOf = weighed();
  const named: JoinedNote[] = [];
  for (const { about, place, at, hash } of kept) {
    await breathe(signal);
    const metadata = isListenedSound(about) ? await run.name(about.file) : undefined;
    if (metadata !== undefined && hash !== undefined) named.push({ metadata, place, at, hash });
  }
  return reportOf(await joinShares(settings.to, places, named, { signal, attachment: reportFile(reportOf) }));
}

const isRefused = (value: unknown): value is { readonly file: string; readonly refused: string } =>
  typeof value === 'object' &&
  value !== null &&
  'file' in value &&
  typeof value.file === 'string' &&
  'refused' in value &&
  typeof value.refused === 'string';
