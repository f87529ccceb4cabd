import { Mismatch } from '../notes/labels.js';
import { viewOf } from '../formats/wav/layout.js';
import { id3Length, startsWith } from './tags.js';

/** Kilobits per second by index, of MPEG 1 layers I, II, III, then of MPEG 2 layer I and layers II and III. */
const bitrates = {
  '1.1': [0, 32, 64, 96, 128, 160, 192, 224, 256, 288, 320, 352, 384, 416, 448],
  '1.2': [0, 32, 48, 56, 64, 80, 96, 112, 128, 160, 192, 224, 256, 320, 384],
  '1.3': [0, 32, 40, 48, 56, 64, 80, 96, 112, 128, 160, 192, 224, 256, 320],
  '2.1': [0, 32, 48, 56, 64, 80, 96, 112, 128, 144, 160, 176, 192, 224, 256],
  '2.3': [0, 8, 16, 24, 32, 40, 48, 56, 64, 80, 96, 112, 128, 144, 160],
} as const;

interface Frame {
  /** Version, layer and rate: the same in all frames of a stream. */
  readonly kind: number;
  /** Samples per channel. */
  readonly samples: number;
  readonly bytes: number;
  /** Where the first frame may tell the length of the stream. */
  readonly sideBytes: number;
  readonly isMono: boolean;
}

/** What the frames of a stream come to. */
export interface MpegStream {
  /** Per channel. */
  readonly samples: number;
  /** True if every frame has one channel, which decoders give twice. */
  readonly isMono: boolean;
}

/** The frame whose header stands here, unless it is of a free bitrate, whose length only a decoder finds. */
function readFrame(bytes: Uint8Array, at: number): Frame | undefined {
  const [sync = 0, second = 0, third = 0, fourth = 0] = bytes.subarray(at, at + 4);
  const version = (second >> 3) & 3;
  const layer = 4 - ((second >> 1) & 3);
  const rateIndex = (third >> 2) & 3;
  if (sync !== 0xff || (second & 0xe0) !== 0xe0 || version === 1 || layer === 4 || rateIndex === 3) return undefined;
  const isFirst = version === 3;
  const rates = isFirst ? bitrates[layer === 1 ? '1.1' : layer === 2 ? '1.2' : '1.3'] : bitrates[layer === 1 ? '2.1' : '2.3'];
  const bitrate = (rates[third >> 4] ?? 0) * 1000;
  if (bitrate === 0) return undefined;
  const sampleRate = ([44_100, 48_000, 32_000][rateIndex] ?? 0) / (isFirst ? 1 : version === 2 ? 2 : 4);
  const padding = (third >> 1) & 1;
  const samples = layer === 1 ? 384 : layer === 3 && !isFirst ? 576 : 1152;
  const length =
    layer === 1
      ? (Math.floor((12 * bitrate) / sampleRate) + padding) * 4
      : Math.floor((samples / 8) * (bitrate / sampleRate)) + padding;
  const isMono = fourth >> 6 === 3;
  const sideBytes = isFirst ? (isMono ? 17 : 32) : isMono ? 9 : 17;
  return { kind: ((second & 0xfe) << 8) | (third & 0x0c), samples, bytes: length, sideBytes, isMono };
}

/** Where the first frame begins that another one of its kind follows. */
export function firstFrame(bytes: Uint8Array, from = 0): number {
  for (let at = from; at + 4 <= bytes.length; at++) {
    const frame = bytes[at] === 0xff ? readFrame(bytes, at) : undefined;
    if (frame === undefined) continue;
    const after = at + frame.bytes;
    if (after >= bytes.length ? at === from : readFrame(bytes, after)?.kind === frame.kind) return at;
  }
  return -1;
}

/** What the first frame says of the stream, if it is none of sound (Xing, Info, VBRI). */
function announced(bytes: Uint8Array, at: number, { sideBytes }: Frame): { frames?: number; bytes?: number } | undefined {
  const view = viewOf(bytes);
  const number = (offset: number): number => (offset + 4 <= bytes.length ? view.getUint32(offset) : 0);
  if (startsWith(bytes, 'VBRI', at + 36)) return { bytes: number(at + 46), frames: number(at + 50) };
  const tag = at + 4 + sideBytes;
  if (!startsWith(bytes, 'Xing', tag) && !startsWith(bytes, 'Info', tag)) return undefined;
  const flags = number(tag + 4);
  const hasFrames = (flags & 1) !== 0;
  return {
    ...(hasFrames ? { frames: number(tag + 8) } : {}),
    ...((flags & 2) === 0 ? {} : { bytes: number(tag + (hasFrames ? 12 : 8)) }),
  };
}

/**
 * Follows the frames of MPEG audio from header to header, and holds what the first one announces against them.
 *
 * @param bytes without tags at its ends
 * @returns undefined for a free bitrate
 * @throws Mismatch if the last frame is not whole, frames are missing, or something lies between them
 */
export function checkMpeg(bytes: Uint8Array): MpegStream | undefined {
  const start = firstFrame(bytes);
  const head = start < 0 ? undefined : readFrame(bytes, start);
  if (head === undefined) return undefined;
  const promised = announced(bytes, start, head);
  let [at, frames, samples] = [start, promised === undefined ? 0 : -1, promised === undefined ? 0 : -head.samples];
  let isMono = true;
  while (at + 4 <= bytes.length) {
    const frame = readFrame(bytes, at);
    if (frame?.kind === head.kind) {
      if (at + frame.bytes > bytes.length)
        throw new Mismatch(
          `expected a last frame of ${frame.bytes} bytes, found ${bytes.length - at} of them: the file is cut short`,
        );
      at += frame.bytes;
      frames++;
      samples += frame.samples;
      isMono &&= frame.isMono;
    } else if (id3Length(bytes, at) > 0) at += id3Length(bytes, at);
    else if (firstFrame(bytes, at) > at)
      throw new Mismatch(`expected frames of MPEG audio that follow one another, found something else at byte ${at}`);
    else break;
  }
  const there = at - start;
  if (promised?.bytes !== undefined && promised.bytes > there)
    throw new Mismatch(`expected ${promised.bytes} bytes as its first frame says, found ${there}: the file is cut short`);
  // Some programs count the first frame, some do not.
  if (promised?.frames !== undefined && promised.frames > frames + 1)
    throw new Mismatch(`expected ${promised.frames} frames as the first one says, found ${frames}: the file is cut short`);
  return { samples, isMono };
}
