import { ModelFileError } from '../errors.js';

/** Bytes [start, start + length) of a file. */
export interface ByteRange {
  readonly start: number;
  readonly length: number;
}

/** What the bytes of a whole file are known to be. */
export interface FileChecksum {
  readonly bytes: number;
  /** CRC-32C, unsigned. */
  readonly crc32c: number;
}

/**
 * Where the files of a model or checkpoint come from: memory (`memoryFiles`), a web server (`httpFiles`), a folder (`folderFiles` of
 * `@gansynth/model-files/node`), a model that is an npm package, or anything that can do this. Paths are relative, with `/` between parts.
 */
export interface FileSource {
  /** Where that is, for messages: a folder, a URL. */
  readonly name?: string;
  /** Names of the files and folders directly inside `folder` (`''` is the root). Sources that cannot list leave it out. */
  list?(folder: string): Promise<readonly string[]>;
  /**
   * A file's bytes, or a range of them; fewer if the file ends before.
   *
   * @param expected what the whole file is known to be: a source that keeps copies takes one only if it is that
   * @throws MissingFileError if there is no such file (sources of other makers may reject with anything)
   */
  read(path: string, range?: ByteRange, expected?: FileChecksum): Promise<Uint8Array>;
}

/** Where the files of a model go: memory (`memorySink`), a folder (`folderSink` of `@gansynth/model-files/node`), or anything that can do this. */
export interface FileSink {
  /** Names that are taken, by files that somebody may be reading: a writer gives the large ones other names. */
  list?(): Promise<readonly string[]>;
  /** Writes all files, or none of them if something fails. */
  write(files: Readonly<Record<string, Uint8Array>>): Promise<void>;
}

/** The bytes of a range, or all. */
export const slice = (bytes: Uint8Array, range: ByteRange | undefined): Uint8Array =>
  range ? bytes.subarray(range.start, range.start + range.length) : bytes;

/**
 * `path` if it stays inside its source.
 *
 * @param file that names it
 * @throws ModelFileError for absolute paths and those with `..`, which a downloaded file may name but not reach
 */
export function insidePath(path: string, file: string = path): string {
  if (path === '' || /^([/\\]|[a-z]+:)|\0/i.test(path) || path.split(/[/\\]/).includes('..'))
    throw new ModelFileError(file, `expected a path inside the model's folder, found ${JSON.stringify(path)}.`, path);
  return path;
}
