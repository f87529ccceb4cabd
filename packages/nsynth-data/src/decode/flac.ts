import { Mismatch } from '../notes/labels.js';
import { viewOf } from '../formats/wav/layout.js';
import { flacFrameChecksum, flacHeaderChecksum } from './checksums.js';

/** Samples per channel that the stream's first block of metadata says; 0 if it does not know. `bytes` begin with `fLaC`. */
export function flacLength(bytes: Uint8Array): number {
  if (bytes.length < 26) return 0;
  const view = viewOf(bytes);
  return (view.getUint8(21) & 0x0f) * 2 ** 32 + view.getUint32(22);
}

/** A frame is no longer than its samples would be without compression, with something for its header. */
const longestFrame = 1 << 20;
const shortestHeader = 5;
const longestHeader = 15;

/** True if a frame's header begins here: 14 bits of sync, and 8 bits of checksum after it. */
function isFrame(bytes: Uint8Array, at: number): boolean {
  if (bytes[at] !== 0xff || ((bytes[at + 1] ?? 0) & 0xfe) !== 0xf8) return false;
  for (let length = shortestHeader; length <= longestHeader && at + length < bytes.length; length++)
    if (flacHeaderChecksum(bytes.subarray(at, at + length)) === bytes[at + length]) return true;
  return false;
}

/**
 * A stream that does not know its length (RFC 9639, section 8.2) still shows whether it is whole: its last frame ends in the checksum
 * of that frame.
 *
 * @throws Mismatch if it does not
 */
export function checkLastFrame(bytes: Uint8Array): void {
  const found = viewOf(bytes).getUint16(bytes.length - 2);
  for (let at = bytes.length - 8; at >= Math.max(0, bytes.length - longestFrame); at--)
    if (isFrame(bytes, at) && flacFrameChecksum(bytes.subarray(at, bytes.length - 2)) === found) return;
  throw new Mismatch('expected a last FLAC frame that agrees with its checksum, found none: the file is cut short');
}
