import { Mismatch } from '../notes/labels.js';
import { chunkAfter, chunkId } from '../formats/wav/chunks.js';
import { expansionOf } from '../formats/wav/g711.js';
import { isUnknownLength, viewOf } from '../formats/wav/layout.js';

export interface DecodedSound {
  /** Hz. */
  readonly sampleRate: number;
  /** Of equal length. */
  readonly channels: readonly Float32Array[];
  /** MIDI key that sounds the recording as it is, 0 to 127, where the file says it to samplers. */
  readonly rootKey?: number;
}

/** The 80-bit floating-point number that AIFF keeps its rate in. */
function extended(view: DataView, offset: number): number {
  const exponent = view.getUint16(offset) & 0x7fff;
  return (view.getUint32(offset + 2) * 2 ** 32 + view.getUint32(offset + 6)) * 2 ** (exponent - 16383 - 63);
}

type Read = (offset: number) => number;

/** Width of integers by AIFF-C's names for them, where it does not follow from the bits. */
const integerTypes: Readonly<Record<string, { readonly little: boolean; readonly bits?: number }>> = {
  NONE: { little: false },
  twos: { little: false },
  sowt: { little: true },
  in24: { little: false, bits: 24 },
  '42ni': { little: true, bits: 24 },
  in32: { little: false, bits: 32 },
  '23ni': { little: true, bits: 32 },
};

function sampleReader(view: DataView, compression: string, bits: number): { bytes: number; read: Read } {
  if (/^fl32$/i.test(compression)) return { bytes: 4, read: (offset) => view.getFloat32(offset) };
  if (/^fl64$/i.test(compression)) return { bytes: 8, read: (offset) => view.getFloat64(offset) };
  if (/^[au]law$/i.test(compression)) {
    const expanded = expansionOf(/^a/i.test(compression) ? 'A-law' : 'mu-law');
    return { bytes: 1, read: (offset) => expanded[view.getUint8(offset)] ?? 0 };
  }
  if (compression === 'raw ' && bits >= 1 && bits <= 8)
    return { bytes: 1, read: (offset) => (view.getUint8(offset) - 128) / 128 };
  const type = integerTypes[compression];
  if (type === undefined)
    throw new Mismatch(`expected AIFF of integers, floats, A-law or mu-law, found ${JSON.stringify(compression)}`);
  const { little, bits: width = bits } = type;
  if (width >= 1 && width <= 8) return { bytes: 1, read: (offset) => view.getInt8(offset) / 128 };
  if (width >= 1 && width <= 16) return { bytes: 2, read: (offset) => view.getInt16(offset, little) / 32768 };
  if (width >= 1 && width <= 24) {
    const read: Read = (offset) =>
      (little
        ? view.getUint16(offset, true) + view.getInt8(offset + 2) * 65536
        : view.getInt16(offset) * 256 + view.getUint8(offset + 2)) / 8388608;
    return { bytes: 3, read };
  }
  if (width >= 1 && width <= 32) return { bytes: 4, read: (offset) => view.getInt32(offset, little) / 2147483648 };
  throw new Mismatch(`expected AIFF with 1 to 32 bits, found ${bits}`);
}

const known: ReadonlySet<string> = new Set([
  'COMM',
  'SSND',
  'FVER',
  'MARK',
  'INST',
  'MIDI',
  'AESD',
  'APPL',
  'COMT',
  'NAME',
  'AUTH',
  '(c) ',
  'ANNO',
  'CHAN',
  'ID3 ',
  'basc',
]);

interface Layout {
  channels: number;
  frames: number;
  bits: number;
  sampleRate: number;
  compression: string;
}

interface Chunks {
  readonly format?: Layout;
  readonly data?: { readonly start: number; readonly length: number };
  readonly rootKey?: number;
}

/** The chunks a sound needs. The length of streams, 0 or as large as can be, reaches to the end of the file. */
function readChunks(view: DataView): Chunks {
  let found: Chunks = {};
  for (let offset = 12; offset + 8 <= view.byteLength;) {
    const id = chunkId(view, offset);
    let size = view.getUint32(offset + 4);
    const body = offset + 8;
    const there = view.byteLength - body;
    const isStream = id === 'SSND' && (size === 0 || (size > there && isUnknownLength(size)));
    if (isStream) size = there;
    if ((id === 'COMM' && (size < 18 || size > there)) || (id === 'SSND' && (size < 8 || size > there)))
      throw new Mismatch(`expected ${size} bytes of ${id}, found ${there}: the file is cut short`);
    if (id === 'COMM') {
      const format = {
        channels: view.getUint16(body),
        frames: view.getUint32(body + 2),
        bits: view.getUint16(body + 6),
        sampleRate: Math.round(extended(view, body + 8)),
        compression: size >= 22 ? chunkId(view, body + 18) : 'NONE',
      };
      found = { ...found, format };
    } else if (id === 'SSND' && found.data === undefined) {
      const before = 8 + view.getUint32(body);
      found = { ...found, data: { start: body + before, length: size - before } };
    } else if (id === 'INST' && size >= 20 && there >= 20) {
      const rootKey = view.getUint8(body);
      if (rootKey <= 127) found = { ...found, rootKey };
    }
    offset = chunkAfter(view, body + size, size % 2 === 1, known);
  }
  return found;
}

/** Frames to read, where the header's number and the bytes agree; a last frame that is not whole is left. */
function framesOf(frames: number, length: number, block: number): number {
  const there = Math.floor(Math.max(0, length) / block);
  if (frames === 0 || (frames > there && isUnknownLength(frames))) return there;
  if (frames > there) throw new Mismatch(`expected ${frames} samples, found ${there}: the file is cut short`);
  if (frames < there) throw new Mismatch(`expected ${frames} samples as its header says, found ${there}: one of them is wrong`);
  return frames;
}

/**
 * Decodes AIFF and AIFF-C of integers, floats, A-law and mu-law.
 *
 * @throws Mismatch for anything else and for a file cut short
 */
export function decodeAiff(bytes: Uint8Array): DecodedSound {
  const view = viewOf(bytes);
  const { format, data, rootKey } = readChunks(view);
  if (format === undefined || data === undefined)
    throw new Mismatch('expected an AIFF format and samples, found one of them missing');
  const { channels, bits, sampleRate, compression } = format;
  if (channels < 1 || channels > 64) throw new Mismatch(`expected 1 to 64 channels, found ${channels}`);
  const { bytes: width, read } = sampleReader(view, compression, bits);
  const frames = framesOf(format.frames, data.length, channels * width);
  const { start } = data;
  return {
    sampleRate,
    channels: Array.from({ length: channels }, (_, channel) =>
      Float32Array.from({ length: frames }, (__, frame) => read(start + (frame * channels + channel) * width)),
    ),
    ...(rootKey === undefined ? {} : { rootKey }),
  };
}
