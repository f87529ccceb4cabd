import { Mismatch } from '../labels.js';

export interface DecodedSound {
  /** Hz. */
  readonly sampleRate: number;
  /** Of equal length. */
  readonly channels: readonly Float32Array[];
}

/** The 80-bit floating-point number that AIFF keeps its rate in. */
function extended(view: DataView, offset: number): number {
  const exponent = view.getUint16(offset) & 0x7fff;
  return (view.getUint32(offset + 2) * 2 ** 32 + view.getUint32(offset + 6)) * 2 ** (exponent - 16383 - 63);
}

const name = (view: DataView, offset: number): string =>
  String.fromCharCode(...[0, 1, 2, 3].map((index) => view.getUint8(offset + index)));

type Read = (offset: number) => number;

function sampleReader(view: DataView, compression: string, bits: number): { bytes: number; read: Read } {
  const little = compression === 'sowt';
  if (/^fl32$/i.test(compression)) return { bytes: 4, read: (offset) => view.getFloat32(offset) };
  if (/^fl64$/i.test(compression)) return { bytes: 8, read: (offset) => view.getFloat64(offset) };
  if (!['NONE', 'twos', 'sowt'].includes(compression))
    throw new Mismatch(`expected AIFF without compression, found ${JSON.stringify(compression)}`);
  if (bits >= 1 && bits <= 8) return { bytes: 1, read: (offset) => view.getInt8(offset) / 128 };
  if (bits <= 16) return { bytes: 2, read: (offset) => view.getInt16(offset, little) / 32768 };
  if (bits <= 24) {
    const read: Read = (offset) =>
      (little
        ? view.getUint16(offset, true) + view.getInt8(offset + 2) * 65536
        : view.getInt16(offset) * 256 + view.getUint8(offset + 2)) / 8388608;
    return { bytes: 3, read };
  }
  if (bits <= 32) return { bytes: 4, read: (offset) => view.getInt32(offset, little) / 2147483648 };
  throw new Mismatch(`expected AIFF with 1 to 32 bits, found ${bits}`);
}

/**
 * Decodes AIFF and uncompressed AIFF-C.
 *
 * @throws Mismatch for anything else and for a file cut short
 */
export function decodeAiff(bytes: Uint8Array): DecodedSound {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  let format: { channels: number; frames: number; bits: number; sampleRate: number; compression: string } | undefined;
  let data: { start: number; length: number } | undefined;
  for (let offset = 12; offset + 8 <= bytes.length;) {
    const id = name(view, offset);
    const size = view.getUint32(offset + 4);
    const body = offset + 8;
    if ((id === 'COMM' || id === 'SSND') && (size < (id === 'COMM' ? 18 : 8) || body + size > bytes.length))
      throw new Mismatch(`expected ${size} bytes of ${id}, found ${bytes.length - body}: the file is cut short`);
    if (id === 'COMM') {
      format = {
        channels: view.getUint16(body),
        frames: view.getUint32(body + 2),
        bits: view.getUint16(body + 6),
        sampleRate: extended(view, body + 8),
        compression: size >= 22 ? name(view, body + 18) : 'NONE',
      };
    } else if (id === 'SSND') data = { start: body + 8 + view.getUint32(body), length: size - 8 - view.getUint32(body) };
    offset = body + size + (size & 1);
  }
  if (format === undefined || data === undefined)
    throw new Mismatch('expected an AIFF format and samples, found one of them missing');
  const { channels, frames, bits, sampleRate, compression } = format;
  if (channels < 1 || channels > 64) throw new Mismatch(`expected 1 to 64 channels, found ${channels}`);
  const { bytes: width, read } = sampleReader(view, compression, bits);
  if (frames * channels * width > data.length)
    throw new Mismatch(`expected ${frames} samples, found ${Math.max(0, data.length)} bytes: the file is cut short`);
  const { start } = data;
  return {
    sampleRate: Math.round(sampleRate),
    channels: Array.from({ length: channels }, (_, channel) =>
      Float32Array.from({ length: frames }, (__, frame) => read(start + (frame * channels + channel) * width)),
    ),
  };
}
