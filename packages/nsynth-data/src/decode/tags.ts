import { viewOf } from '../formats/wav/layout.js';

export const startsWith = (bytes: Uint8Array, text: string, offset = 0): boolean =>
  bytes.length >= offset + text.length && Buffer.from(bytes.subarray(offset, offset + text.length)).toString('latin1') === text;

/** Four times seven bits, as ID3v2 writes lengths. */
const sevenBits = (bytes: Uint8Array, at: number): number =>
  bytes.subarray(at, at + 4).reduce((sum, byte) => sum * 128 + (byte & 0x7f), 0);

/** Bytes an ID3v2 tag takes that begins here; 0 if none does. */
export function id3Length(bytes: Uint8Array, at = 0): number {
  if (!startsWith(bytes, 'ID3', at) || bytes.length < at + 10) return 0;
  const hasFooter = ((bytes[at + 5] ?? 0) & 0x10) !== 0;
  return 10 + sevenBits(bytes, at + 6) + (hasFooter ? 10 : 0);
}

/** Without the ID3v2 tags that players let a file begin with, and the zeros some of them end in. */
export function withoutTagsBefore(bytes: Uint8Array): Uint8Array {
  let at = 0;
  for (let length = id3Length(bytes); length > 0; length = id3Length(bytes, at)) at += length;
  if (at === 0) return bytes;
  while (at < bytes.length && bytes[at] === 0) at++;
  return bytes.subarray(at);
}

/** Bytes of the tag that ends here: ID3v1, APEv2, Lyrics3 or an ID3v2 with a footer; 0 if none does. */
function tagLengthBefore(bytes: Uint8Array, end: number): number {
  if (end >= 128 && startsWith(bytes, 'TAG', end - 128)) return 128;
  if (end >= 32 && startsWith(bytes, 'APETAGEX', end - 32)) {
    const view = viewOf(bytes);
    const hasHeader = (view.getUint32(end - 12, true) & 0x80000000) !== 0;
    return view.getUint32(end - 20, true) + (hasHeader ? 32 : 0);
  }
  if (end >= 15 && startsWith(bytes, 'LYRICS200', end - 9)) {
    const digits = Buffer.from(bytes.subarray(end - 15, end - 9)).toString('latin1');
    return /^\d{6}$/.test(digits) ? Number(digits) + 15 : 0;
  }
  return end >= 20 && startsWith(bytes, '3DI', end - 10) ? sevenBits(bytes, end - 4) + 20 : 0;
}

/** Without the tags that players append. */
export function withoutTagsAfter(bytes: Uint8Array): Uint8Array {
  let end = bytes.length;
  for (let length = tagLengthBefore(bytes, end); length > 0 && length <= end; length = tagLengthBefore(bytes, end)) end -= length;
  return bytes.subarray(0, end);
}
