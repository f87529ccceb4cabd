import { ByteReader } from './byte-reader.js';
import { crc32c, maskCrc } from '@gansynth/common/crc32c';
import { ModelFileError } from '../errors.js';

const footerLength = 48;
const trailerLength = 5;
const magic: readonly number[] = [0x57, 0xfb, 0x80, 0x8b, 0x24, 0x75, 0x47, 0xdb];

interface BlockHandle {
  readonly offset: number;
  readonly size: number;
}

const readHandle = (reader: ByteReader): BlockHandle => ({ offset: reader.varint(), size: reader.varint() });

/** The bytes of a block after its checksum and compression byte were checked. */
function readBlock(bytes: Uint8Array, { offset, size }: BlockHandle, file: string): Uint8Array {
  const end = offset + size + trailerLength;
  if (end > bytes.length - footerLength)
    throw new ModelFileError(file, `expected a block at ${offset} to ${end}, found ${bytes.length} bytes. The file is damaged`);
  const trailer = new ByteReader(bytes.subarray(offset + size, end), file);
  const compression = trailer.take(1)[0]!;
  const stored = trailer.uint32();
  const computed = maskCrc(crc32c(bytes.subarray(offset, offset + size + 1)));
  if (stored !== computed)
    throw new ModelFileError(
      file,
      `expected checksum ${stored.toString(16)} for the block at ${offset}, found ${computed.toString(16)}. The file is damaged: copy or download it again`,
    );
  if (compression !== 0)
    throw new ModelFileError(
      file,
      `expected an uncompressed block at ${offset}, found compression type ${compression}. TensorFlow writes checkpoint indices uncompressed: is this one?`,
    );
  return bytes.subarray(offset, offset + size);
}

/** Entries of one block: keys share a prefix with their predecessor; restart points and their count stand at the end. */
function* blockEntries(block: Uint8Array, file: string): Generator<{ key: Uint8Array; value: Uint8Array }> {
  const tail = new ByteReader(block, file);
  tail.take(Math.max(0, block.length - 4));
  const restarts = tail.uint32();
  const length = block.length - 4 * (restarts + 1);
  const reader = new ByteReader(block.subarray(0, Math.max(0, length)), file);
  if (length < 0) reader.fail(`expected at most ${block.length / 4 - 1} restart points, found ${restarts}. The file is damaged`);
  let previous = new Uint8Array(0);
  while (!reader.done) {
    const shared = reader.varint();
    const unshared = reader.varint();
    const valueLength = reader.varint();
    if (shared > previous.length)
      reader.fail(`expected at most ${previous.length} shared key bytes, found ${shared}. The file is damaged`);
    const key = new Uint8Array(shared + reader.take(unshared).length);
    key.set(previous.subarray(0, shared));
    key.set(reader.bytes.subarray(reader.position - unshared, reader.position), shared);
    previous = key;
    yield { key, value: reader.take(valueLength) };
  }
}

/**
 * Reads a LevelDB-style sorted table, the container of a TensorFlow checkpoint's `.index` file. Every block's checksum is checked.
 *
 * @param bytes the whole file
 * @param file its name, for messages
 * @returns values by key (UTF-8), in file order
 * @throws ModelFileError if the file is truncated, damaged or something else
 * @see google/leveldb, doc/table_format.md
 */
export function readSortedTable(bytes: Uint8Array, file: string): Map<string, Uint8Array> {
  const footer = bytes.subarray(Math.max(0, bytes.length - footerLength));
  if (footer.length < footerLength || magic.some((byte, i) => footer[footerLength - 8 + i] !== byte))
    throw new ModelFileError(
      file,
      `expected a TensorFlow checkpoint index (a sorted table ending in its magic number), found ${bytes.length} bytes of something else, or a truncated file`,
    );
  const handles = new ByteReader(footer, file);
  readHandle(handles); // of the metaindex, which TensorFlow leaves empty
  const index = readBlock(bytes, readHandle(handles), file);
  const decoder = new TextDecoder('utf-8', { fatal: true });
  const table = new Map<string, Uint8Array>();
  for (const { value: handle } of blockEntries(index, file))
    for (const { key, value } of blockEntries(readBlock(bytes, readHandle(new ByteReader(handle, file)), file), file)) {
      let name: string;
      try {
        name = decoder.decode(key);
      } catch {
        throw new ModelFileError(file, 'expected keys in UTF-8. The file is damaged');
      }
      if (table.has(name)) throw new ModelFileError(file, `expected each key once, found "${name}" again. The file is damaged`);
      table.set(name, value);
    }
  return table;
}
