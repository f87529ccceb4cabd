import { ByteReader } from '../files/byte-reader.js';
import { contentsOf } from './contents.js';
import { crc32c, maskCrc } from '../crc32c.js';
import { BadFileError, BadNoteError } from '../errors.js';
import { exampleNote } from '../formats/example-note.js';
import { Checkpoints } from '../files/gzip-checkpoints.js';
import { gunzipScan } from '../files/gzip-scan.js';
import { IdLookup } from '../table/id-lookup.js';
import { Mismatch } from '../notes/labels.js';
import { type NotePlace, NoteTableBuilder } from '../table/note-table.js';
import { fileChunks } from '../files/plain-file.js';
import { isRecordsName, missingShards } from './record-files.js';
import type { ScanContext, Scanned } from './scan.js';
import { ArchiveNotes } from './archive-notes.js';
import type { StoredFile } from '../files/stored-files.js';
import { looksLikeTar, safeParts, tarEntries } from '../formats/tar.js';
import { tfRecords } from '../formats/tfrecord.js';

/** Bytes that may follow the end of an archive: tapes are filled up to a block. */
const longestPadding = 1 << 20;

const looksLikeRecords = (start: Uint8Array): boolean =>
  start.length >= 12 &&
  maskCrc(crc32c(start.subarray(0, 8))) === new DataView(start.buffer, start.byteOffset, start.byteLength).getUint32(8, true);

/** Reads `.tfrecord` files, `.tar` of them or of json and wav, and either of both compressed with gzip. The content tells which. */
class FileScan {
  readonly #context: ScanContext;
  readonly #builder = new NoteTableBuilder();
  readonly #seen: IdLookup;
  readonly #files: StoredFile[] = [];
  #bytesBefore = 0;

  constructor(context: ScanContext) {
    this.#context = context;
    this.#seen = new IdLookup(this.#builder.ids);
  }

  async scan(path: string): Promise<void> {
    const { rejections, signal } = this.#context;
    const start = await firstBytes(path, 2);
    const checkpoints = start[0] === 0x1f && start[1] === 0x8b ? new Checkpoints() : undefined;
    const chunks = fileChunks(path, { signal });
    const reader = new ByteReader(checkpoints === undefined ? chunks : gunzipScan(chunks, path, checkpoints));
    try {
      await this.#scanStream(reader, path);
    } catch (error) {
      rejections.add(error);
    } finally {
      await reader.close();
    }
    this.#bytesBefore += reader.position;
    this.#files.push(
      checkpoints === undefined ? { kind: 'plain', path } : { kind: 'gzip', path, checkpoints: checkpoints.parts() },
    );
  }

  async #scanStream(reader: ByteReader, path: string): Promise<void> {
    const head = await reader.peek(512);
    if (looksLikeRecords(head)) return this.#scanRecords(reader, path, Infinity);
    if (looksLikeTar(head)) return this.#scanTar(reader, path);
    if (head.length === 0) throw new BadFileError({ file: path, reason: 'expected notes, found an empty file' });
    const found = contentsOf(head);
    const cure = found === 'zlib data' ? ': zlib is not read. Unpack it, or compress with gzip' : '';
    const reason = `expected TFRecords or a tar archive, found ${found ?? 'neither, or a damaged beginning'}${cure}`;
    throw new BadFileError({ file: path, offset: 0, reason });
  }

  #progress(reader: ByteReader): void {
    const { onProgress, rejections, signal } = this.#context;
    signal?.throwIfAborted();
    onProgress?.({
      type: 'indexing',
      notes: this.#builder.length,
      rejected: rejections.count,
      bytes: this.#bytesBefore + reader.position,
    });
  }

  async #scanRecords(reader: ByteReader, file: string, length: number): Promise<void> {
    const { maxNoteBytes: maxBytes, rejections, rate } = this.#context;
    const onBadRecord = (error: BadNoteError): void => rejections.add(error);
    for await (const { offset, data, hash } of tfRecords(reader, { file, length, maxBytes, onBadRecord })) {
      try {
        const { labels, audio } = exampleNote(data, rate.assumed);
        rate.check(labels.sampleRate);
        if (this.#seen.find(labels.id) >= 0) throw new Mismatch(`expected every note once, found ${labels.id} again`);
        const place: NotePlace = {
          file: this.#files.length,
          offset,
          length: data.length,
          hash,
          payload: 'example',
          samples: audio.length,
        };
        this.#builder.push(labels, place);
        this.#seen.add(this.#builder.length - 1);
      } catch (error) {
        if (!(error instanceof Mismatch)) throw error;
        rejections.add(
          new BadNoteError({ file, record: `record at ${offset}`, offset, reason: error.message }, { cause: error }),
        );
      }
      this.#progress(reader);
    }
  }

  async #scanTar(reader: ByteReader, file: string): Promise<void> {
    const { rejections, rate, maxNoteBytes } = this.#context;
    const recordNames: string[] = [];
    const archive = new ArchiveNotes({ file, number: this.#files.length, rate, maxNoteBytes, rejections });
    try {
      for await (const entry of tarEntries(reader, file)) {
        const parts = safeParts(entry.name);
        const { offset } = entry;
        const record = entry.name.slice(0, 200);
        const name = parts?.at(-1) ?? '';
        if (parts === undefined) {
          const reason = 'expected a path inside the archive, found one that climbs out of it';
          rejections.add(new BadNoteError({ file, record, offset, reason }));
        } else if (entry.kind === 'file' && isRecordsName(name)) {
          recordNames.push(entry.name);
          if (!name.endsWith('.gz')) await this.#scanRecords(reader, file, entry.size);
          else {
            const reason = 'expected TFRecords inside an archive as they are, found compressed ones. Unpack the archive';
            rejections.add(new BadNoteError({ file, record, offset, reason }));
          }
        } else await archive.take(entry, parts, reader);
        this.#progress(reader);
      }
      const end = reader.position;
      for await (const piece of reader.pieces(Infinity)) {
        if (piece.some((byte) => byte !== 0) || reader.position - piece.length > end + longestPadding)
          throw new BadFileError({
            file,
            offset: reader.position - piece.length,
            reason: 'expected nothing after the end of the archive, found more data',
          });
      }
    } catch (error) {
      rejections.add(error);
    }
    for (const { name: record, reason } of missingShards(recordNames)) rejections.add(new BadFileError({ file, record, reason }));
    archive.join((labels, place) => {
      if (this.#seen.find(labels.id) >= 0)
        return rejections.add(
          new BadNoteError({ file, record: labels.id, offset: place.offset, reason: 'expected every note once, found it again' }),
        );
      this.#builder.push(labels, place);
      this.#seen.add(this.#builder.length - 1);
    });
  }

  finish(): Scanned {
    return { table: this.#builder.finish(), files: this.#files };
  }
}

async function firstBytes(path: string, length: number): Promise<Uint8Array> {
  const reader = new ByteReader(fileChunks(path, { size: 4096 }));
  try {
    return await reader.read(length);
  } finally {
    await reader.close();
  }
}

/** Reads collections that are files, one after the other. */
export async function scanFiles(paths: readonly string[], context: ScanContext): Promise<Scanned> {
  const scan = new FileScan(context);
  for (const path of paths) await scan.scan(path);
  return scan.finish();
}
