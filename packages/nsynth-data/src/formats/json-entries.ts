import { messageOf } from '@gansynth/common/errors';
import { BadFileError, BadNoteError } from '../errors.js';

/** One member of the outermost object: its key, the bytes of its value, and where they begin. */
export interface JsonEntry {
  readonly key: string;
  readonly value: unknown;
  /** Byte of the file where the key begins. */
  readonly offset: number;
}

const quote = 0x22;
const backslash = 0x5c;
const comma = 0x2c;
const newline = 0x0a;
const [openBrace, closeBrace, openBracket, closeBracket] = [0x7b, 0x7d, 0x5b, 0x5d];
const isBlank = (byte: number): boolean => byte === 0x20 || byte === newline || byte === 0x0d || byte === 0x09;

/** NSynth's entries have about 900 bytes. */
const longestEntry = 1 << 20;

const wanted = {
  start: '"{"',
  first: 'a note name in quotes',
  next: 'a note name in quotes',
  end: 'the end of the file',
};

/**
 * Walks through the members of one large JSON object without holding more than one of them: NSynth's `examples.json` has 250 MB.
 * Only the outermost level is looked at here, each member is then parsed by `JSON.parse`, which finds every fault inside it.
 *
 * @param chunks the file, in pieces of any size
 * @param file its name, for errors
 * @param onBadEntry told of what is no JSON; if it returns, the reading goes on with the next member that can be made out. Default: throws
 * @throws BadFileError if this is no JSON object, a member is longer than 1 MiB, or the end is missing
 */
export async function* jsonEntries(
  chunks: AsyncIterable<Uint8Array>,
  file: string,
  onBadEntry: (error: BadNoteError | BadFileError) => void = (error) => {
    throw error;
  },
): AsyncGenerator<JsonEntry> {
  const fail = (offset: number, reason: string): BadFileError => new BadFileError({ file, offset, reason });
  let state = 'start' as 'member' | 'lost' | keyof typeof wanted;
  let depth = 0;
  let inString = false;
  let escaped = false;
  let base = 0;
  let start = 0;
  let kept: Uint8Array = new Uint8Array();
  const begin = (at: number): void => {
    state = 'member';
    start = at;
    depth = 0;
    inString = true;
    escaped = false;
  };
  const member = (bytes: Uint8Array, from: number, to: number): JsonEntry[] => {
    try {
      return [parseMember(bytes.subarray(from, to), file, base + from)];
    } catch (error) {
      if (!BadNoteError.isInstance(error)) throw error;
      onBadEntry(error);
      return [];
    }
  };

  for await (const chunk of withEnd(chunks)) {
    // Bytes of an unfinished member come again in front of the new ones; `base` is the file position of bytes[0].
    const bytes: Uint8Array = kept.length > 0 ? Buffer.concat([kept, chunk ?? new Uint8Array()]) : (chunk ?? new Uint8Array());
    let at = kept.length;
    if (kept.length > 0) start = 0;
    for (; ; at++) {
      const isOver = at >= bytes.length;
      if (state === 'member' && (at - start > longestEntry || (isOver && chunk === undefined))) {
        // Brackets or quotes do not match. No note's labels hold an object, so each `"name": {` begins another one.
        const [from, ...others] = [start, ...entryStarts(bytes, start + 1, at)];
        const last = others.pop();
        onBadEntry(
          isOver && chunk === undefined
            ? fail(base + at, 'expected "}" at the end, found the end of the file: it is cut short')
            : fail(base + start, `expected entries of at most ${longestEntry} bytes, found a longer one`),
        );
        if (last === undefined) {
          if (isOver && chunk === undefined) return;
          throw fail(base + start, `expected entries of at most ${longestEntry} bytes, found a longer one`);
        }
        for (const [index, piece] of [from as number, ...others].entries())
          yield* member(bytes, piece, trimmed(bytes, piece, others[index] ?? last));
        begin(last);
        at = last;
        continue;
      }
      if (isOver) break;
      const byte = bytes[at]!;
      if (state === 'member') {
        if (inString) {
          if (escaped) escaped = false;
          else if (byte === backslash) escaped = true;
          // A string ends on its line: where its last quote is missing, only this member is lost.
          else if (byte === quote || byte === newline) inString = false;
        } else if (byte === quote) inString = true;
        else if (byte === openBrace || byte === openBracket) depth++;
        else if (depth === 0 && (byte === comma || byte === closeBrace)) {
          yield* member(bytes, start, at);
          state = byte === comma ? 'next' : 'end';
        } else if (byte === closeBrace || byte === closeBracket) depth = Math.max(0, depth - 1);
      } else if (isBlank(byte) || (state === 'lost' && byte !== quote)) continue;
      else if (state === 'start' && byte === openBrace) state = 'first';
      else if ((state === 'first' || state === 'next' || state === 'lost') && byte === quote) begin(at);
      else if (state === 'first' && byte === closeBrace) state = 'end';
      else if (state === 'start' && base + at < 3 && [0xef, 0xbb, 0xbf].includes(byte)) continue;
      else {
        const error = fail(
          base + at,
          `expected ${wanted[state === 'lost' ? 'next' : state]}, found byte 0x${byte.toString(16).padStart(2, '0')}. Is this NSynth's examples.json?`,
        );
        if (state === 'start') throw error;
        onBadEntry(error);
        state = state === 'next' && byte === closeBrace ? 'end' : 'lost';
      }
    }
    kept = state === 'member' ? Uint8Array.prototype.slice.call(bytes, start) : new Uint8Array();
    base += bytes.length - kept.length;
  }
  if (state !== 'end' && state !== 'lost')
    onBadEntry(fail(base + kept.length, 'expected "}" at the end, found the end of the file: it is cut short'));
}

/** The chunks, and `undefined` after the last. */
async function* withEnd(chunks: AsyncIterable<Uint8Array>): AsyncGenerator<Uint8Array | undefined> {
  yield* chunks;
  yield undefined;
}

/** Where an entry seems to begin: a name whose value is an object. */
const entryStarts = (bytes: Uint8Array, from: number, to: number): number[] =>
  [
    ...Buffer.from(bytes.subarray(from, to))
      .toString('latin1')
      .matchAll(/"[^"\\\n]{1,400}"\s{0,100}:\s{0,100}\{/g),
  ].map((match) => from + match.index);

/** End of a member without the comma and blanks after it. */
function trimmed(bytes: Uint8Array, from: number, to: number): number {
  let end = to;
  while (end > from && (isBlank(bytes[end - 1]!) || bytes[end - 1] === comma)) end--;
  return end;
}

function parseMember(bytes: Uint8Array, file: string, offset: number): JsonEntry {
  try {
    const object = JSON.parse(`{${new TextDecoder('utf-8', { fatal: true }).decode(bytes)}}`) as Record<string, unknown>;
    const [key] = Object.keys(object);
    // A value is missing after `"a"` or a second one comes after `"a": 1`: JSON.parse refuses both, so there is exactly one.
    return { key: key!, value: object[key!], offset };
  } catch (cause) {
    const name = /^"([^"\\]{1,200})"/.exec(Buffer.from(bytes.subarray(0, 400)).toString('utf8'))?.[1];
    const reason = `expected valid JSON, found ${messageOf(cause)}`;
    throw new BadNoteError({ file, offset, reason, ...(name === undefined ? {} : { record: name }) }, { cause });
  }
}
