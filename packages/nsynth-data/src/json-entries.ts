import { BadFileError } from './errors.js';

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
const [openBrace, closeBrace, openBracket, closeBracket] = [0x7b, 0x7d, 0x5b, 0x5d];
const isBlank = (byte: number): boolean => byte === 0x20 || byte === 0x0a || byte === 0x0d || byte === 0x09;

/** NSynth's entries have about 900 bytes. */
const longestEntry = 1 << 20;

/**
 * Walks through the members of one large JSON object without holding more than one of them: NSynth's `examples.json` has 250 MB.
 * Only the outermost level is looked at here, each member is then parsed by `JSON.parse`, which finds every fault inside it.
 *
 * @param chunks the file, in pieces of any size
 * @param file its name, for errors
 * @throws BadFileError if this is no JSON object, a member is longer than 1 MiB, or the end is missing
 */
export async function* jsonEntries(chunks: AsyncIterable<Uint8Array>, file: string): AsyncGenerator<JsonEntry> {
  const fail = (offset: number, reason: string): never => {
    throw new BadFileError({ file, offset, reason });
  };
  let state: 'start' | 'first' | 'member' | 'next' | 'end' = 'start';
  let depth = 0;
  let inString = false;
  let escaped = false;
  let base = 0;
  let start = 0;
  let kept: Uint8Array = new Uint8Array();

  for await (const chunk of chunks) {
    // Bytes of an unfinished member come again in front of the new ones; `base` is the file position of bytes[0].
    const bytes = kept.length > 0 ? Buffer.concat([kept, chunk]) : chunk;
    let at = kept.length;
    if (kept.length > 0) start = 0;
    for (; at < bytes.length; at++) {
      const byte = bytes[at] as number;
      if (state === 'member') {
        if (inString) {
          if (escaped) escaped = false;
          else if (byte === backslash) escaped = true;
          else if (byte === quote) inString = false;
        } else if (byte === quote) inString = true;
        else if (byte === openBrace || byte === openBracket) depth++;
        else if (depth === 0 && (byte === comma || byte === closeBrace)) {
          yield parseMember(bytes.subarray(start, at), file, base + start);
          state = byte === comma ? 'next' : 'end';
        } else if (byte === closeBrace || byte === closeBracket) {
          if (--depth < 0) fail(base + at, 'expected JSON with matching brackets, found one that closes nothing');
        }
        if (at - start > longestEntry)
          fail(base + start, `expected entries of at most ${longestEntry} bytes, found a longer one`);
      } else if (isBlank(byte)) continue;
      else if (state === 'start' && byte === openBrace) state = 'first';
      else if ((state === 'first' || state === 'next') && byte === quote) {
        state = 'member';
        start = at;
        depth = 0;
        inString = true;
        escaped = false;
      } else if (state === 'first' && byte === closeBrace) state = 'end';
      else if (state === 'start' && base + at < 3 && [0xef, 0xbb, 0xbf].includes(byte)) continue;
      else {
        const wanted = {
          start: '"{"',
          first: 'a note name in quotes',
          next: 'a note name in quotes',
          end: 'the end of the file',
        };
        fail(
          base + at,
          `expected ${wanted[state]}, found byte 0x${byte.toString(16).padStart(2, '0')}. Is this NSynth's examples.json?`,
        );
      }
    }
    kept = state === 'member' ? Uint8Array.prototype.slice.call(bytes, start) : new Uint8Array();
    base += bytes.length - kept.length;
  }
  if (state !== 'end') fail(base + kept.length, 'expected "}" at the end, found the end of the file: it is cut short');
}

function parseMember(bytes: Uint8Array, file: string, offset: number): JsonEntry {
  try {
    const object = JSON.parse(`{${new TextDecoder('utf-8', { fatal: true }).decode(bytes)}}`) as Record<string, unknown>;
    const [key] = Object.keys(object);
    // A value is missing after `"a"` or a second one comes after `"a": 1`: JSON.parse refuses both, so there is exactly one.
    return { key: key as string, value: object[key as string], offset };
  } catch (cause) {
    throw new BadFileError({ file, offset, reason: `expected valid JSON, found ${(cause as Error).message}` }, { cause });
  }
}
