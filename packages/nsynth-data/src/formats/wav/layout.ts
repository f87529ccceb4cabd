import { chunkAfter, chunkId, isChunkId } from './chunks.js';
import { Mismatch } from '../../notes/labels.js';

export type WavEncoding = 'integer' | 'float' | 'A-law' | 'mu-law';

/** What a WAV file's header says, and where its samples lie. */
export interface WavLayout {
  /** Hz. */
  readonly sampleRate: number;
  readonly channels: number;
  readonly encoding: WavEncoding;
  readonly bitsPerSample: number;
  /** What a sample takes. Integers of 12 or 20 bits fill the upper bits of theirs. */
  readonly bytesPerSample: number;
  /** Samples per channel. */
  readonly frames: number;
  /** First byte of the samples. */
  readonly dataOffset: number;
  /** MIDI key that sounds the recording as it is, 0 to 127, where a sampler's chunk (`smpl` or `inst`) says it. */
  readonly rootKey?: number;
}

export const viewOf = (bytes: Uint8Array): DataView => new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);

/** True if the bytes begin as a WAV file does: RIFF, or one of its forms for lengths over 4 GB. */
export function isWav(bytes: Uint8Array): boolean {
  if (bytes.length < 12) return false;
  const view = viewOf(bytes);
  return ['RIFF', 'RF64', 'BW64'].includes(chunkId(view, 0)) && chunkId(view, 8) === 'WAVE';
}

const known: ReadonlySet<string> = new Set(
  ['fmt ', 'data', 'fact', 'LIST', 'smpl', 'inst', 'cue ', 'bext', 'JUNK', 'junk', 'PAD ', 'PEAK', 'iXML', 'axml', 'chna', 'ds64']
    .concat([
      'id3 ',
      'ID3 ',
      'acid',
      'cart',
      'plst',
      'FLLR',
      'strc',
      'levl',
      'minf',
      'elm1',
      'regn',
      'umid',
      'LGWV',
      'afsp',
      '_PMX',
    ])
    .concat(['DISP', 'ltxt', 'Cr8r', 'SAUR', 'clm ', 'bwfx', 'SNDM', 'r64m']),
);

const encodings: Readonly<Record<number, WavEncoding>> = { 1: 'integer', 3: 'float', 6: 'A-law', 7: 'mu-law' };
const otherCodecs: Readonly<Record<number, string>> = {
  0x0002: 'Microsoft ADPCM',
  0x0011: 'IMA ADPCM',
  0x0031: 'GSM 6.10',
  0x0050: 'MPEG',
  0x0055: 'MP3',
  0x00ff: 'AAC',
  0x0161: 'Windows Media Audio',
  0x566f: 'Vorbis',
  0x674f: 'Vorbis',
  0xf1ac: 'FLAC',
};

type Format = Omit<WavLayout, 'frames' | 'dataOffset' | 'rootKey'>;

function readFormat(view: DataView, body: number, size: number): Format {
  if (size < 16 || body + size > view.byteLength)
    throw new Mismatch(`expected a format chunk of 16 bytes or more, found ${size}`);
  const isExtensible = view.getUint16(body, true) === 0xfffe && size >= 40;
  const code = view.getUint16(isExtensible ? body + 24 : body, true);
  const channels = view.getUint16(body + 2, true);
  const sampleRate = view.getUint32(body + 4, true);
  const blockAlign = view.getUint16(body + 12, true);
  const bitsPerSample = view.getUint16(body + 14, true);
  const encoding = encodings[code];
  const fits =
    encoding === 'integer'
      ? bitsPerSample >= 2 && bitsPerSample <= 32
      : encoding === 'float'
        ? bitsPerSample === 32 || bitsPerSample === 64
        : bitsPerSample === 8;
  if (encoding === undefined || !fits) {
    const codec = otherCodecs[code] === undefined ? '' : ` (${otherCodecs[code]})`;
    throw new Mismatch(`expected PCM, float, A-law or mu-law samples, found format ${code}${codec} with ${bitsPerSample} bits`);
  }
  const bytesPerSample = Math.ceil(bitsPerSample / 8);
  if (channels < 1 || channels > 64 || blockAlign !== channels * bytesPerSample)
    throw new Mismatch(`expected 1 to 64 channels in blocks of their size, found ${channels} in ${blockAlign} bytes`);
  if (sampleRate < 1 || sampleRate > 768_000) throw new Mismatch(`expected a rate up to 768000 Hz, found ${sampleRate} Hz`);
  return { sampleRate, channels, encoding, bitsPerSample, bytesPerSample };
}

/** Lengths near these are what programs write that cannot go back to the header: pipes have no beginning to return to. */
export const isUnknownLength = (size: number): boolean =>
  (size >= 0x7fff0000 && size <= 0x80000100) || (size >= 0xffff0000 && size <= 0xffffffff);

/** True if whole chunks lie from here to the end of the file. */
function areChunks(view: DataView, start: number): boolean {
  let at = start;
  while (at + 8 <= view.byteLength) {
    if (!isChunkId(view, at)) return false;
    const size = view.getUint32(at + 4, true);
    at = chunkAfter(view, at + 8 + size, size % 2 === 1, known);
  }
  return at - view.byteLength <= 1 && (at === view.byteLength || at > start);
}

/** Bytes of samples: as the header says where that agrees with the file, and up to the end where it says nothing. */
function dataLength(view: DataView, body: number, size: number, isWide: boolean): number {
  const there = view.byteLength - body;
  if (size === 0 && !areChunks(view, body)) return there;
  if (size <= there) return size;
  if (isWide ? size >= 2 ** 48 : isUnknownLength(size)) return there;
  throw new Mismatch(`expected ${size} bytes of samples, found ${there}: the file is cut short`);
}

/** The root key of a sampler's chunk. */
function readRootKey(view: DataView, id: string, body: number, size: number): number | undefined {
  const [at, length] = id === 'smpl' ? [12, 36] : [0, 7];
  if (size < length || body + length > view.byteLength) return undefined;
  const key = id === 'smpl' ? view.getUint32(body + at, true) : view.getUint8(body + at);
  return key <= 127 ? key : undefined;
}

/** What follows the samples and is no chunk makes their length doubtful, unless it is silence that fills a block. */
function checkRest(view: DataView, at: number, length: number): void {
  for (let position = at; position < view.byteLength; position++) {
    if (view.getUint8(position) !== 0)
      throw new Mismatch(
        `expected chunks after ${length} bytes of samples, found ${view.byteLength - at} bytes that are none: a length in the header is wrong`,
      );
  }
}

/**
 * Reads a RIFF/WAVE header, plain or extensible, RF64 and BW64 too: PCM of 2 to 32 bits, float of 32 or 64 bits, A-law and mu-law.
 * Headers of streams, whose lengths are 0 or as large as can be, are taken for what they are; so are an odd chunk without padding and
 * a last sample that is not whole.
 *
 * @param bytes the whole file
 * @throws Mismatch for anything else, for samples cut short, and for no samples at all
 */
export function wavLayout(bytes: Uint8Array): WavLayout {
  if (!isWav(bytes)) throw new Mismatch(`expected a WAV file, found ${bytes.length} bytes that do not begin as one`);
  const view = viewOf(bytes);
  let format: Format | undefined;
  let data: { readonly start: number; readonly length: number } | undefined;
  let wideLength: number | undefined;
  const rootKeys = new Map<string, number>();
  for (let offset = 12; offset + 8 <= bytes.length;) {
    const id = chunkId(view, offset);
    const body = offset + 8;
    let size = view.getUint32(offset + 4, true);
    if (data !== undefined && !isChunkId(view, offset)) {
      checkRest(view, offset, data.length);
      break;
    }
    if (id === 'ds64' && size >= 16 && body + 16 <= bytes.length) wideLength = Number(view.getBigUint64(body + 8, true));
    else if (id === 'fmt ' && data === undefined) format = readFormat(view, body, size);
    else if (id === 'data' && data === undefined) {
      if (format === undefined) throw new Mismatch('expected a format chunk before the samples, found none');
      const isWide = size === 0xffffffff && wideLength !== undefined;
      size = dataLength(view, body, isWide && wideLength !== undefined ? wideLength : size, isWide);
      data = { start: body, length: size };
    } else if (id === 'smpl' || id === 'inst') {
      const key = readRootKey(view, id, body, size);
      if (key !== undefined) rootKeys.set(id, key);
    }
    offset = chunkAfter(view, body + size, size % 2 === 1, known);
  }
  if (format === undefined || data === undefined)
    throw new Mismatch(`expected a data chunk, found none in ${bytes.length} bytes`);
  const frames = Math.floor(data.length / (format.channels * format.bytesPerSample));
  if (frames === 0) throw new Mismatch('expected samples, found none');
  const rootKey = rootKeys.get('smpl') ?? rootKeys.get('inst');
  return { ...format, frames, dataOffset: data.start, ...(rootKey === undefined ? {} : { rootKey }) };
}
