/** Chunks of RIFF and of AIFF: an id of four letters, a length, the bytes, and a byte of padding where the length is odd. */

/** Four bytes as text. */
export const chunkId = (view: DataView, at: number): string =>
  at + 4 > view.byteLength
    ? ''
    : String.fromCharCode(view.getUint8(at), view.getUint8(at + 1), view.getUint8(at + 2), view.getUint8(at + 3));

/** True if these four bytes can be an id: printable, not beginning with a blank. */
export const isChunkId = (view: DataView, at: number): boolean => /^[!-~][ -~]{3}$/.test(chunkId(view, at));

/**
 * Where the chunk after this one begins. Some writers forget the padding of an odd length; then the next id follows at once.
 *
 * @param end first byte after the chunk's content
 * @param known ids this kind of file has
 */
export function chunkAfter(view: DataView, end: number, isOdd: boolean, known: ReadonlySet<string>): number {
  if (!isOdd) return end;
  if (known.has(chunkId(view, end))) return end;
  if (known.has(chunkId(view, end + 1)) || end >= view.byteLength) return end + 1;
  return view.getUint8(end) !== 0 && isChunkId(view, end) && !isChunkId(view, end + 1) ? end : end + 1;
}
