import { opendir } from 'node:fs/promises';
import { join } from 'node:path';
import { crc32c } from '../crc32c.js';
import { decodeWavNote } from '../formats/wav-note.js';
import { BadNoteError } from '../errors.js';
import { IdLookup } from '../table/id-lookup.js';
import { type JsonEntry, jsonEntries } from '../formats/json-entries.js';
import { type LabelRecord, Mismatch, parseLabels } from '../notes/labels.js';
import { type NotePlace, NoteTableBuilder } from '../table/note-table.js';
import { fileChunks, readWhole } from '../files/plain-file.js';
import type { ExpectedRate, ScanContext, Scanned } from './scan.js';
import { StringColumn } from '../table/string-column.js';

/** Reads that are under way at once. */
const concurrency = 8;

/** Labels of one member of `examples.json`, whose key is the note's name. */
export function labelsOfEntry({ key, value, offset }: JsonEntry, file: string, rate: ExpectedRate): LabelRecord {
  try {
    const isObject = typeof value === 'object' && value !== null && !Array.isArray(value);
    const labels = parseLabels(isObject ? { note_str: key, ...value } : value);
    if (labels.id !== key)
      throw new Mismatch(`expected note_str ${JSON.stringify(key)} as the key, found ${JSON.stringify(labels.id)}`);
    rate.check(labels.sampleRate);
    return labels;
  } catch (error) {
    if (!(error instanceof Mismatch)) throw error;
    throw new BadNoteError({ file, record: key.slice(0, 200), offset, reason: error.message }, { cause: error });
  }
}

async function audioPlace(folder: string, labels: LabelRecord, context: ScanContext): Promise<NotePlace> {
  const file = join(folder, 'audio', `${labels.id}.wav`);
  const bytes = await readWhole(file, { limit: context.maxNoteBytes, record: labels.id });
  try {
    const samples = decodeWavNote(bytes, labels.sampleRate).length;
    return { file: 0, offset: 0, length: bytes.length, hash: crc32c(bytes), payload: 'wav', samples };
  } catch (error) {
    if (!(error instanceof Mismatch)) throw error;
    throw new BadNoteError({ file, record: labels.id, reason: error.message }, { cause: error });
  }
}

/** Sounds that `examples.json` does not know are not wrong, but whoever put them there may want to hear of it. */
async function mentionUnlisted(folder: string, listed: IdLookup, { rejections, signal }: ScanContext): Promise<void> {
  const audio = join(folder, 'audio');
  for await (const { name } of await opendir(audio).catch(() => [])) {
    signal?.throwIfAborted();
    if (name.endsWith('.wav') && !name.startsWith('.') && listed.find(name.slice(0, -4)) < 0)
      rejections.mention({ file: join(audio, name), reason: 'left out: examples.json has no entry for this sound' });
  }
}

/** Reads a folder with `examples.json` and `audio/<note_str>.wav`. */
export async function scanFolder(folder: string, context: ScanContext): Promise<Scanned> {
  const listing = join(folder, 'examples.json');
  const builder = new NoteTableBuilder();
  const seen = new IdLookup(builder.ids);
  const listedIds = new StringColumn();
  const listed = new IdLookup(listedIds);
  const list = (id: string): void => {
    listedIds.push(id);
    listed.add(listedIds.length - 1);
  };
  let bytes = 0;
  const underWay: { labels: LabelRecord; offset: number; place: Promise<NotePlace | Error> }[] = [];

  const settle = async (): Promise<void> => {
    const { labels, offset, place } = underWay.shift()!;
    const found = await place;
    if (found instanceof Error) context.rejections.add(found);
    else if (seen.find(labels.id) >= 0) {
      const reason = 'expected every note once, found a second entry of this name';
      context.rejections.add(new BadNoteError({ file: listing, record: labels.id, offset, reason }));
    } else {
      builder.push(labels, found);
      seen.add(builder.length - 1);
      bytes += found.length;
    }
    context.onProgress?.({ type: 'indexing', notes: builder.length, rejected: context.rejections.count, bytes });
  };

  try {
    const onBadEntry = (error: unknown): void => {
      context.rejections.add(error);
      // One complaint is enough: its sound is not listed as left out as well.
      if (BadNoteError.isInstance(error) && error.record !== undefined) list(error.record);
    };
    for await (const entry of jsonEntries(fileChunks(listing, { signal: context.signal }), listing, onBadEntry)) {
      context.signal?.throwIfAborted();
      let labels: LabelRecord;
      try {
        labels = labelsOfEntry(entry, listing, context.rate);
      } catch (error) {
        onBadEntry(error);
        continue;
      }
      list(labels.id);
      const place = audioPlace(folder, labels, context).catch((error: Error) => error);
      underWay.push({ labels, offset: entry.offset, place });
      if (underWay.length >= concurrency) await settle();
    }
  } catch (error) {
    context.rejections.add(error);
  }
  while (underWay.length > 0) await settle();
  await mentionUnlisted(folder, listed, context);
  return { table: builder.finish(), files: [{ kind: 'folder', path: folder }] };
}
