import { move, transferableSymbol, valueSymbol } from 'piscina';
import type { NoteRequest } from './decode-note.js';
import { BadFileError, BadNoteError, type Fault } from '../errors.js';
import { type StoredFile, StoredFiles } from '../files/stored-files.js';

/** What a worker is asked. */
export interface DecodeTask {
  /** Tells one list of files from another. */
  readonly key: number;
  readonly files: readonly StoredFile[];
  readonly requests: readonly NoteRequest[];
}

/** Samples, or an error in a form that survives the way between threads. */
export type DecodeResult =
  | Float32Array
  | { readonly fault: Fault; readonly kind: 'note' | 'file' }
  | { readonly message: string };

const keptOpen = 4;
const opened = new Map<number, StoredFiles>();

async function filesOf({ key, files }: DecodeTask): Promise<StoredFiles> {
  const found = opened.get(key) ?? new StoredFiles(files);
  opened.delete(key);
  opened.set(key, found);
  const [oldest] = opened.keys();
  if (opened.size > keptOpen && oldest !== undefined) {
    await opened.get(oldest)?.close();
    opened.delete(oldest);
  }
  return found;
}

function describe(error: unknown): DecodeResult {
  if (!BadNoteError.isInstance(error) && !BadFileError.isInstance(error)) return { message: String(error) };
  const { file, record, offset, reason } = error;
  const fault = { file, ...(record === undefined ? {} : { record }), ...(offset === undefined ? {} : { offset }), reason };
  return { fault, kind: BadNoteError.isInstance(error) ? 'note' : 'file' };
}

/** Reads and decodes notes in a worker thread; the samples are handed over, not copied. */
export default async function decode(task: DecodeTask): Promise<ReturnType<typeof move>> {
  const files = await filesOf(task);
  const results: DecodeResult[] = [];
  for (const request of task.requests) results.push(await files.audio(request).catch(describe));
  const buffers = results.flatMap((result) => (result instanceof Float32Array ? [result.buffer as ArrayBuffer] : []));
  return move({ [transferableSymbol]: buffers, [valueSymbol]: results } as Parameters<typeof move>[0]);
}
