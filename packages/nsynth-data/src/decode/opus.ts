import { Mismatch } from '../notes/labels.js';
import { viewOf } from '../formats/wav/layout.js';
import type { DecodedSound } from './aiff.js';
import type { OggStream } from './ogg.js';

/** What a decoder of Opus needs to know (RFC 7845, section 5.1). */
interface OpusHead {
  readonly channels: number;
  /** Samples at 48 kHz before the sound. */
  readonly preSkip: number;
  /** Factor on all samples. */
  readonly gain: number;
  readonly streamCount: number;
  readonly coupledStreamCount: number;
  readonly channelMappingTable: number[];
}

function readHead(packet: Uint8Array): OpusHead {
  const fail = (): Mismatch => new Mismatch(`expected an Opus header, found ${packet.length} bytes that are none`);
  if (packet.length < 19) throw fail();
  const view = viewOf(packet);
  const channels = view.getUint8(9);
  const family = view.getUint8(18);
  if ((view.getUint8(8) & 0xf0) !== 0 || channels < 1 || (family === 0 && channels > 2)) throw fail();
  const common = { channels, preSkip: view.getUint16(10, true), gain: 10 ** (view.getInt16(16, true) / 256 / 20) };
  if (family === 0)
    return {
      ...common,
      streamCount: 1,
      coupledStreamCount: channels - 1,
      channelMappingTable: channels === 1 ? [0] : [0, 1],
    };
  if (packet.length < 21 + channels) throw fail();
  return {
    ...common,
    streamCount: view.getUint8(19),
    coupledStreamCount: view.getUint8(20),
    channelMappingTable: [...packet.subarray(21, 21 + channels)],
  };
}

/**
 * Decodes an Ogg stream of Opus, at 48 kHz as Opus always is; its end is where the last page says.
 *
 * @throws Mismatch for damage
 */
export async function decodeOpus({ packets, end }: OggStream): Promise<DecodedSound> {
  const [head, , ...frames] = packets;
  if (head === undefined || frames.length === 0) throw new Mismatch('expected sound in the Opus stream, found none');
  const { gain, preSkip, ...options } = readHead(head);
  const { OpusDecoder } = await import('opus-decoder');
  const decoder = new OpusDecoder({ ...options, preSkip });
  try {
    await decoder.ready;
    const { channelData, samplesDecoded, errors } = decoder.decodeFrames(frames);
    const [error] = errors;
    if (error !== undefined) throw new Mismatch(`expected sound data, found damage (${error.message})`);
    const length = Math.min(samplesDecoded, Number(end) - preSkip);
    if (!(length > 0)) throw new Mismatch('expected sound in the Opus stream, found none');
    const scale = (value: number): number => value * gain;
    const cut = channelData.map((channel) => channel.slice(0, length));
    return { sampleRate: 48_000, channels: gain === 1 ? cut : cut.map((channel) => channel.map(scale)) };
  } finally {
    decoder.free();
  }
}
