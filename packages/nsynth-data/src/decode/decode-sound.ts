import { messageOf } from '@gansynth/common/errors';
import { Mismatch } from '../notes/labels.js';
import { checkSamples } from '../notes/check-samples.js';
import { isWav, wavChannel, wavLayout } from '../formats/wav.js';
import { contentsOf } from '../scan/contents.js';
import { type DecodedSound, decodeAiff } from './aiff.js';
import { checkLastFrame, flacLength } from './flac.js';
import { checkMpeg, firstFrame } from './mpeg.js';
import { readOgg } from './ogg.js';
import { decodeOpus } from './opus.js';
import { startsWith, withoutTagsAfter, withoutTagsBefore } from './tags.js';

/** Bytes; what is longer is no note. */
export const largestFile: number = 1 << 28;

interface Decoder {
  readonly ready: Promise<void>;
  free(): void;
}

interface Decoded {
  readonly channelData: Float32Array[];
  readonly samplesDecoded: number;
  readonly sampleRate: number;
  readonly errors?: readonly { readonly message: string }[];
}

async function decodeWith<D extends Decoder>(
  decoder: D,
  decode: (decoder: D) => Decoded | Promise<Decoded>,
): Promise<DecodedSound> {
  try {
    await decoder.ready;
    const { channelData, sampleRate, samplesDecoded, errors = [] } = await decode(decoder);
    const [error] = errors;
    if (error !== undefined) throw new Mismatch(`expected sound data, found damage (${error.message})`);
    return { sampleRate, channels: channelData.map((channel) => channel.slice(0, samplesDecoded)) };
  } catch (error) {
    if (error instanceof Mismatch) throw error;
    throw new Mismatch(`expected sound data, found damage (${messageOf(error)})`);
  } finally {
    decoder.free();
  }
}

export type SoundFormat = 'wav' | 'aiff' | 'flac' | 'mp3' | 'ogg';

/** The decoders are loaded when first needed: most users of this package never need one. */
const mpegDecoder = async (bytes: Uint8Array): Promise<DecodedSound> =>
  decodeWith(new (await import('mpg123-decoder')).MPEGDecoder(), (decoder) => decoder.decode(bytes));
const flacDecoder = async (bytes: Uint8Array): Promise<DecodedSound> =>
  decodeWith(new (await import('@wasm-audio-decoders/flac')).FLACDecoder(), (decoder) => decoder.decodeFile(bytes));
const vorbisDecoder = async (bytes: Uint8Array): Promise<DecodedSound> =>
  decodeWith(new (await import('@wasm-audio-decoders/ogg-vorbis')).OggVorbisDecoder(), (decoder) => decoder.decodeFile(bytes));

const flacMagic = 'fLaC';

/** What a file is, from its content, whatever tags stand before it; names lie. */
export function soundFormat(bytes: Uint8Array): SoundFormat | undefined {
  const content = withoutTagsBefore(bytes);
  if (isWav(content)) return 'wav';
  if (startsWith(content, 'FORM') && (startsWith(content, 'AIFF', 8) || startsWith(content, 'AIFC', 8))) return 'aiff';
  if (startsWith(content, flacMagic)) return 'flac';
  if (startsWith(content, 'OggS')) return 'ogg';
  // MPEG audio begins with 11 set bits, a known version and layer I, II or III; behind a tag other bytes may come first.
  const [first = 0, second = 0] = content;
  if (first === 0xff && (second & 0xe0) === 0xe0 && (second & 0x06) !== 0 && (second & 0x18) !== 0x08) return 'mp3';
  return content.length < bytes.length && firstFrame(content) >= 0 ? 'mp3' : undefined;
}

function decodeWav(bytes: Uint8Array): DecodedSound {
  const layout = wavLayout(bytes);
  const channels = Array.from({ length: layout.channels }, (_, channel) => wavChannel(bytes, layout, channel));
  const { sampleRate, rootKey } = layout;
  return { sampleRate, channels, ...(rootKey === undefined ? {} : { rootKey }) };
}

/** @param stream begins with `fLaC`, and tells how long the sound is */
async function decodeFlac(bytes: Uint8Array, stream: Uint8Array): Promise<DecodedSound> {
  const total = flacLength(stream);
  if (total === 0 && stream === bytes) checkLastFrame(bytes);
  const sound = await flacDecoder(bytes);
  const decoded = sound.channels[0]?.length ?? 0;
  if (total !== 0 && total !== decoded)
    throw new Mismatch(`expected ${total} samples, found ${decoded}: the file is cut short or damaged`);
  return sound;
}

/** Most that the delays of a coder and a decoder, and what an editor cut off, come to. */
const mpegSlack = 8 * 1152;

async function decodeMp3(bytes: Uint8Array): Promise<DecodedSound> {
  const stream = checkMpeg(bytes);
  const sound = await mpegDecoder(bytes);
  const decoded = sound.channels[0]?.length ?? 0;
  if (stream !== undefined && decoded + mpegSlack < stream.samples)
    throw new Mismatch(
      `expected ${stream.samples} samples in the frames of the file, found ${decoded}: its first frame tells another length`,
    );
  return stream?.isMono ? { ...sound, channels: sound.channels.slice(0, 1) } : sound;
}

async function decodeOgg(bytes: Uint8Array): Promise<DecodedSound> {
  const stream = readOgg(bytes);
  const [head = new Uint8Array()] = stream.packets;
  if (startsWith(head, '\x7fFLAC')) return decodeFlac(bytes, head.subarray(9));
  if (startsWith(head, '\x01vorbis')) return vorbisDecoder(bytes);
  if (startsWith(head, 'OpusHead')) return decodeOpus(stream);
  const codec = startsWith(head, 'Speex') ? 'Speex' : startsWith(head, '\x80theora') ? 'Theora (pictures)' : 'another codec';
  throw new Mismatch(`expected Ogg of Vorbis, Opus or FLAC, found Ogg of ${codec}`);
}

/**
 * Decodes a sound file: WAV and AIFF here, FLAC, MP3 and Ogg (Vorbis, Opus or FLAC) by WebAssembly builds of the reference decoders,
 * which take a file that ends early for a shorter one: what its headers say is held against its bytes here. Tags before and after the
 * sound are passed over.
 *
 * @throws Mismatch for damage, a file cut short, silence of length 0, and other formats
 */
export async function decodeSound(bytes: Uint8Array): Promise<DecodedSound> {
  const format = soundFormat(bytes);
  const content = withoutTagsBefore(bytes);
  const inner = withoutTagsAfter(content);
  let sound: DecodedSound;
  if (format === 'wav') sound = decodeWav(content);
  else if (format === 'aiff') sound = decodeAiff(content);
  else if (format === 'mp3') sound = await decodeMp3(inner);
  else if (format === 'flac') sound = await decodeFlac(inner, inner);
  else if (format === 'ogg') sound = await decodeOgg(inner);
  else
    throw new Mismatch(
      `expected WAV, AIFF, FLAC, MP3 or Ogg (Vorbis, Opus, FLAC), found ${contentsOf(content) ?? 'something else'}`,
    );
  const { sampleRate, channels } = sound;
  if (!(sampleRate >= 1000 && sampleRate <= 768_000))
    throw new Mismatch(`expected a rate from 1000 to 768000 Hz, found ${sampleRate}`);
  if (channels.length === 0 || channels[0]?.length === 0) throw new Mismatch('expected samples, found none');
  for (const channel of channels) checkSamples(channel);
  return sound;
}
