import { systemCodeOf } from '@gansynth/common/errors';
import { close, closeSync, constants, fstat, open, read, type Stats } from 'node:fs';
import { promisify } from 'node:util';
import { BadFileError, BadNoteError } from '../errors.js';

const [openAsync, readAsync, fstatAsync, closeAsync] = [promisify(open), promisify(read), promisify(fstat), promisify(close)];

/** Closes what nobody closed: a dataset may be dropped without ceremony, which a FileHandle of Node does not forgive. */
const forgotten = new FinalizationRegistry<number>((descriptor) => {
  try {
    closeSync(descriptor);
  } catch {
    // Nobody is left to be told.
  }
});

/** A plain file, open for reading. */
export class RegularFile {
  readonly #descriptor: number;
  readonly size: number;
  readonly mtimeMs: number;
  #isOpen = true;

  private constructor(descriptor: number, { size, mtimeMs }: Stats) {
    this.#descriptor = descriptor;
    this.size = size;
    this.mtimeMs = mtimeMs;
    forgotten.register(this, descriptor, this);
  }

  /**
   * Opens a file that is one: no folder, pipe or device, whose reading might never end.
   *
   * @param record the note it belongs to, if it is that note's alone
   * @throws BadNoteError if `record` is given, otherwise BadFileError
   */
  static async open(path: string, record?: string): Promise<RegularFile> {
    const fail = (reason: string, cause?: unknown): Error =>
      record === undefined
        ? new BadFileError({ file: path, reason }, { cause })
        : new BadNoteError({ file: path, record, reason }, { cause });
    let descriptor: number;
    try {
      // Opening a pipe for reading waits for a writer unless told otherwise.
      descriptor = await openAsync(path, constants.O_RDONLY | (constants.O_NONBLOCK ?? 0));
    } catch (cause) {
      const code = systemCodeOf(cause);
      throw fail(`expected a readable file, found ${code === 'ENOENT' ? 'none' : (code ?? String(cause))}`, cause);
    }
    const stats = await fstatAsync(descriptor);
    if (stats.isFile()) return new RegularFile(descriptor, stats);
    await closeAsync(descriptor);
    throw fail('expected a plain file, found a folder, pipe or device');
  }

  /** Fills `target` from `position` on; returns the number of bytes, which is smaller only at the end of the file. */
  async readInto(target: Uint8Array, position: number): Promise<number> {
    let done = 0;
    while (done < target.length) {
      const { bytesRead } = await readAsync(this.#descriptor, target, done, target.length - done, position + done);
      if (bytesRead === 0) break;
      done += bytesRead;
    }
    return done;
  }

  async close(): Promise<void> {
    if (!this.#isOpen) return;
    this.#isOpen = false;
    forgotten.unregister(this);
    await closeAsync(this.#descriptor);
  }
}
