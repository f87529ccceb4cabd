import { closeSync, mkdirSync, openSync, readSync, fstatSync, ftruncateSync, writeSync } from 'node:fs';
import { dirname } from 'node:path';
import { ArgumentError } from '../errors.js';

/** A file that is only appended to. What has been written survives the process, however it ends. */
export interface AppendFile {
  write(bytes: Uint8Array): void;
  close(): void;
}

/** Opens a file for appending, and makes it and its folders if need be. */
export function openAppendFile(path: string): AppendFile {
  mkdirSync(dirname(path), { recursive: true });
  let descriptor: number | undefined = openSync(path, 'a');
  return {
    write: (bytes) => {
      if (descriptor === undefined) {
        throw new ArgumentError('run log: write', `expected an open log, found ${path} closed. Write before close.`, path);
      }
      for (let from = 0; from < bytes.length;) from += writeSync(descriptor, bytes, from);
    },
    close: () => {
      if (descriptor !== undefined) closeSync(descriptor);
      descriptor = undefined;
    },
  };
}

/** Cuts off an unfinished last line, which a process that was killed leaves behind. */
export function cutUnfinishedLine(path: string): void {
  const descriptor = openSync(path, 'a+');
  try {
    const { size } = fstatSync(descriptor);
    const buffer = Buffer.alloc(65536);
    for (let end = size; end > 0;) {
      const start = Math.max(0, end - buffer.length);
      const length = readSync(descriptor, buffer, 0, end - start, start);
      const at = buffer.subarray(0, length).lastIndexOf(0x0a);
      if (at >= 0) {
        ftruncateSync(descriptor, start + at + 1);
        return;
      }
      end = start;
    }
    ftruncateSync(descriptor, 0);
  } finally {
    closeSync(descriptor);
  }
}
