import { Mismatch } from '../labels.js';
import { checkSamples } from '../check-samples.js';
import { isWav, wavChannel, wavLayout } from '../wav.js';
import { type DecodedSound, decodeAiff } from './aiff.js';

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
    throw new Mismatch(`expected sound data, found damage (${error instanceof Error ? error.message : String(error)})`);
  } finally {
    decoder.free();
  }
}

const startsWith = (bytes: Uint8Array, text: string, offset = 0): boolean =>
  Buffer.from(bytes.subarray(offset, offset + text.length)).toString('latin1') === text;

export type SoundFormat = 'wav' | 'aiff' | 'flac' | 'mp3' | 'ogg';

/** The decoders are loaded when first needed: most users of this package never need one. */
const decodeMp3 = async (bytes: Uint8Array): Promise<DecodedSound> =>
  decodeWith(new (await import('mpg123-decoder')).MPEGDecoder(), (decoder) => decoder.decode(bytes));
const decodeFlac = async (bytes: Uint8Array): Promise<DecodedSound> =>
  decodeWith(new (await import('@wasm-audio-decoders/flac')).FLACDecoder(), (decoder) => decoder.decodeFile(bytes));
const decodeVorbis = async (bytes: Uint8Array): Promise<DecodedSound> =>
  decodeWith(new (await import('@wasm-audio-decoders/ogg-vorbis')).OggVorbisDecoder(), (decoder) => decoder.decodeFile(bytes));

/** The decoders take a file that ends early for a shorter one; these two formats say where they should end. */
function checkEnd(bytes: Uint8Array, format: SoundFormat, decoded: number): void {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  if (format === 'flac' && bytes.length >= 26) {
    const total = (view.getUint8(21) & 0x0f) * 2 ** 32 + view.getUint32(22);
    if (total !== 0 && total !== decoded)
      throw new Mismatch(`expected ${total} samples, found ${decoded}: the file is cut short or damaged`);
  }
  if (format === 'ogg') {
    const lastPage = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).lastIndexOf('OggS', undefined, 'latin1');
    const isEnd = lastPage + 5 < bytes.length && (view.getUint8(lastPage + 5) & 4) !== 0;
    if (!isEnd) throw new Mismatch('expected a last page of the Ogg stream, found none: the file is cut short');
  }
}

/** What a file is, from its content; names lie. */
export function soundFormat(bytes: Uint8Array): SoundFormat | undefined {
  if (isWav(bytes)) return 'wav';
  if (startsWith(bytes, 'FORM') && (startsWith(bytes, 'AIFF', 8) || startsWith(bytes, 'AIFC', 8))) return 'aiff';
  if (startsWith(bytes, 'fLaC')) return 'flac';
  if (startsWith(bytes, 'OggS')) return 'ogg';
  const [first = 0, second = 0] = bytes;
  // MPEG audio begins with an ID3 tag or with 11 set bits, a known version and layer III.
  if (startsWith(bytes, 'ID3') || (first === 0xff && (second & 0xe6) === 0xe2 && (second & 0x18) !== 0x08)) return 'mp3';
  return undefined;
}

/**
 * Decodes a sound file: WAV and AIFF here, FLAC, MP3 and Ogg (Vorbis or FLAC) by WebAssembly builds of the reference decoders.
 *
 * @throws Mismatch for damage, silence of length 0, and other formats
 */
export async function decodeSound(bytes: Uint8Array): Promise<DecodedSound> {
  const format = soundFormat(bytes);
  let sound: DecodedSound;
  if (format === 'wav') {
    const layout = wavLayout(bytes);
    const channels = Array.from({ length: layout.channels }, (_, channel) => wavChannel(bytes, layout, channel));
    const { sampleRate, rootKey } = layout;
    sound = { sampleRate, channels, ...(rootKey === undefined ? {} : { rootKey }) };
  } else if (format === 'aiff') sound = decodeAiff(bytes);
  else if (format === 'mp3') sound = await decodeMp3(bytes);
  else if (format === 'flac' || (format === 'ogg' && startsWith(bytes, '\x7fFLAC', 28))) sound = await decodeFlac(bytes);
  else if (format === 'ogg' && startsWith(bytes, '\x01vorbis', 28)) sound = await decodeVorbis(bytes);
  else
    throw new Mismatch(
      `expected WAV, AIFF, FLAC, MP3 or Ogg Vorbis, found ${format === 'ogg' ? 'Ogg with another codec' : 'something else'}`,
    );
  const { sampleRate, channels } = sound;
  checkEnd(bytes, format, channels[0]?.length ?? 0);
  if (!(sampleRate >= 1000 && sampleRate <= 768_000))
    throw new Mismatch(`expected a rate from 1000 to 768000 Hz, found ${sampleRate}`);
  if (channels.length === 0 || channels[0]?.length === 0) throw new Mismatch('expected samples, found none');
  for (const channel of channels) checkSamples(channel);
  return sound;
}
