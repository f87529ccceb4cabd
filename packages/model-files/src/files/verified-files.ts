import { crc32c } from '@gansynth/common/crc32c';
import { ModelFileError } from '../errors.js';
import { slice, type FileChecksum, type FileSource } from './file-source.js';

/** Length and CRC-32C of a file. */
export const checksumOf = (bytes: Uint8Array): FileChecksum => ({ bytes: bytes.length, crc32c: crc32c(bytes) });

export const isWhole = (bytes: Uint8Array, expected: FileChecksum): boolean =>
  bytes.length === expected.bytes && crc32c(bytes) === expected.crc32c;

/**
 * A source that hands out only files on a list, and only byte for byte.
 *
 * @param list what each file has to be, by path
 * @param listedIn the file that has the list, for messages
 * @throws ModelFileError (from `read`) for a file that is not on the list, or is not what the list says
 */
export function verifiedFiles(
  source: FileSource,
  list: Readonly<Record<string, FileChecksum>>,
  listedIn = 'gansynth.json',
): FileSource {
  return {
    ...(source.name === undefined ? {} : { name: source.name }),
    ...(source.list ? { list: (folder: string) => source.list?.(folder) ?? Promise.resolve([]) } : {}),
    read: async (path, range) => {
      const expected = Object.hasOwn(list, path) ? list[path] : undefined;
      if (expected === undefined) throw new ModelFileError(path, `expected a file that ${listedIn} lists, found another.`, path);
      const bytes = await source.read(path, undefined, expected);
      if (!isWhole(bytes, expected)) {
        const found = checksumOf(bytes);
        throw new ModelFileError(
          path,
          `expected ${expected.bytes} bytes with CRC-32C ${expected.crc32c}, found ${found.bytes} bytes with ${found.crc32c}. ` +
            'The file is damaged or of another model: copy it again.',
          found.bytes,
        );
      }
      return slice(bytes, range);
    },
  };
}
