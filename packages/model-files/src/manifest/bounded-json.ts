import { messageOf } from '@gansynth/common/errors';
import { ModelFileError } from '../errors.js';

/** Bounds of a JSON file that a stranger may have written: no real manifest comes near them. */
export const jsonBounds: { readonly bytes: number; readonly depth: number } = { bytes: 16 * 1024 * 1024, depth: 64 };

/**
 * Reads a JSON file. A byte order mark is passed over.
 *
 * @throws ModelFileError if it is no JSON, larger than {@link jsonBounds}.bytes, or nested deeper than {@link jsonBounds}.depth (what
 * descends into such a value would overflow the stack)
 */
export function parseJson(bytes: Uint8Array, file: string): unknown {
  if (bytes.length > jsonBounds.bytes)
    throw new ModelFileError(
      file,
      `expected JSON of at most ${jsonBounds.bytes} bytes, found ${bytes.length}. Is this the right file?`,
      bytes.length,
    );
  const text = new TextDecoder().decode(bytes);
  const depth = jsonDepth(text, jsonBounds.depth);
  if (depth > jsonBounds.depth)
    throw new ModelFileError(
      file,
      `expected arrays and objects within each other at most ${jsonBounds.depth} deep, found more. Is this the right file?`,
      depth,
    );
  try {
    return JSON.parse(text);
  } catch (error) {
    const page = /^\s*</.test(text) ? ' It looks like a web page: is the address right?' : '';
    throw new ModelFileError(file, `expected JSON, found none (${messageOf(error)}).${page}`);
  }
}

/** How deep brackets of JSON text are nested, looked at only until they are deeper than `limit`. */
function jsonDepth(text: string, limit: number): number {
  let depth = 0;
  let deepest = 0;
  for (let i = 0; i < text.length && deepest <= limit; i++) {
    switch (text.charCodeAt(i)) {
      case 0x22: // a string, to its closing quote
        for (i++; i < text.length && text.charCodeAt(i) !== 0x22; i++) if (text.charCodeAt(i) === 0x5c) i++;
        break;
      case 0x5b:
      case 0x7b:
        deepest = Math.max(deepest, ++depth);
        break;
      case 0x5d:
      case 0x7d:
        depth--;
    }
  }
  return deepest;
}
