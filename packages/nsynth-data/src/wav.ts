import { Mismatch } from './labels.js';

/** What a WAV file's header says, and where its samples lie. */
export interface WavLayout {
  /** Hz. */
  readonly sampleRate: number;
  readonly channels: number;
  readonly encoding: 'integer' | 'float';
  readonly bitsPerSample: number;
  /** Samples per channel. */
  readonly frames: number;
  /** First byte of the samples. */
  readonly dataOffset: number;
}

const text = (view: DataView, offset: number): string =>
  String.fromCharCode(view.getUint8(offset), view.getUint8(offset + 1), view.getUint8(offset + 2), view.getUint8(offset + 3));

const viewOf = (bytes: Uint8Array): DataView => new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);

/** True if the bytes begin as a WAV file does. */
export const isWav = (bytes: Uint8Array): boolean =>
  bytes.length >= 12 && text(viewOf(bytes), 0) === 'RIFF' && text(viewOf(bytes), 8) === 'WAVE';

const isLittleEndian = new Uint8Array(Uint16Array.of(1).buffer)[0] === 1;
const integerBits = [8, 16, 24, 32];
const floatBits = [32, 64];

/**
 * Reads a RIFF/WAVE header: PCM of 8, 16, 24 or 32 bits and float of 32 or 64 bits, plain or extensible.
 *
 * @param bytes the whole file
 * @throws Mismatch for anything else, for samples cut short, and for no samples at all
 */
export function wavLayout(bytes: Uint8Array): WavLayout {
  if (!isWav(bytes)) throw new Mismatch(`expected a WAV file, found ${bytes.length} bytes that do not begin as one`);
  const view = viewOf(bytes);
  let format: { code: number; channels: number; sampleRate: number; blockAlign: number; bitsPerSample: number } | undefined;
  for (let offset = 12; offset + 8 <= bytes.length;) {
    const id = text(view, offset);
    const size = view.getUint32(offset + 4, true);
    const body = offset + 8;
    if (id === 'fmt ') {
      if (size < 16 || body + size > bytes.length)
        throw new Mismatch(`expected a format chunk of 16 bytes or more, found ${size}`);
      const extensible = view.getUint16(body, true) === 0xfffe && size >= 40;
      format = {
        code: view.getUint16(extensible ? body + 24 : body, true),
        channels: view.getUint16(body + 2, true),
        sampleRate: view.getUint32(body + 4, true),
        blockAlign: view.getUint16(body + 12, true),
        bitsPerSample: view.getUint16(body + 14, true),
      };
    } else if (id === 'data') {
      if (format === undefined) throw new Mismatch('expected a format chunk before the samples, found none');
      const { code, channels, sampleRate, blockAlign, bitsPerSample } = format;
      const known = code === 1 ? integerBits : code === 3 ? floatBits : [];
      if (!known.includes(bitsPerSample))
        throw new Mismatch(`expected PCM or float samples, found format ${code} with ${bitsPerSample} bits`);
      if (channels < 1 || channels > 64 || blockAlign !== (channels * bitsPerSample) / 8)
        throw new Mismatch(`expected 1 to 64 channels in blocks of their size, found ${channels} in ${blockAlign} bytes`);
      if (sampleRate < 1 || sampleRate > 768_000) throw new Mismatch(`expected a rate up to 768000 Hz, found ${sampleRate} Hz`);
      if (body + size > bytes.length)
        throw new Mismatch(`expected ${size} bytes of samples, found ${bytes.length - body}: the file is cut short`);
      if (size === 0) throw new Mismatch('expected samples, found none');
      if (size % blockAlign !== 0) throw new Mismatch(`expected whole samples of ${blockAlign} bytes, found ${size} bytes`);
      const encoding = code === 1 ? 'integer' : 'float';
      return { sampleRate, channels, encoding, bitsPerSample, frames: size / blockAlign, dataOffset: body };
    }
    offset = body + size + (size & 1);
  }
  throw new Mismatch(`expected a data chunk, found none in ${bytes.length} bytes`);
}

/**
 * One channel of a WAV file as floats: integers are divided by 2^(bits - 1), so 16-bit samples by 32768.
 *
 * @throws Mismatch if a float sample is not a number or beyond any use
 */
export function wavChannel(bytes: Uint8Array, layout: WavLayout, channel = 0): Float32Array {
  const { channels, encoding, bitsPerSample, frames, dataOffset } = layout;
  const view = viewOf(bytes);
  const audio = new Float32Array(frames);
  const stride = (channels * bitsPerSample) / 8;
  const first = dataOffset + (channel * bitsPerSample) / 8;
  if (encoding === 'float') {
    const read = bitsPerSample === 32 ? view.getFloat32.bind(view) : view.getFloat64.bind(view);
    for (let i = 0; i < frames; i++) audio[i] = read(first + i * stride, true);
    checkSamples(audio);
  } else if (bitsPerSample === 16 && channels === 1 && isLittleEndian) {
    // Twice as fast as a DataView; a typed array over the file must begin at an even address.
    const at = bytes.byteOffset + first;
    const samples =
      at % 2 === 0 ? new Int16Array(bytes.buffer, at, frames) : new Int16Array(bytes.slice(first, first + 2 * frames).buffer);
    for (let i = 0; i < frames; i++) audio[i] = (samples[i] as number) / 32768;
  } else if (bitsPerSample === 16) {
    for (let i = 0, offset = first; i < frames; i++, offset += stride) audio[i] = view.getInt16(offset, true) / 32768;
  } else if (bitsPerSample === 8) {
    for (let i = 0; i < frames; i++) audio[i] = (view.getUint8(first + i * stride) - 128) / 128;
  } else if (bitsPerSample === 24) {
    for (let i = 0; i < frames; i++) {
      const offset = first + i * stride;
      audio[i] = (view.getUint16(offset, true) + view.getInt8(offset + 2) * 65536) / 8388608;
    }
  } else {
    for (let i = 0; i < frames; i++) audio[i] = view.getInt32(first + i * stride, true) / 2147483648;
  }
  return audio;
}

/** 24 dB over full scale: floats beyond it are damage, not sound. */
const loudest = 16;

/** @throws Mismatch naming the first sample that is no usable number */
export function checkSamples(audio: Float32Array): void {
  for (let i = 0; i < audio.length; i++) {
    const value = audio[i] as number;
    if (!(value >= -loudest && value <= loudest))
      throw new Mismatch(`expected samples from -${loudest} to ${loudest}, found ${value} at sample ${i}`);
  }
}

/**
 * A mono 16-bit PCM WAV file. Samples are rounded and limited to full scale, so that a file read and written again is the same.
 *
 * @param audio finite, full scale at -1 and 1
 * @param sampleRate Hz
 */
export function encodeWav(audio: Float32Array, sampleRate: number): Uint8Array {
  const bytes = new Uint8Array(44 + 2 * audio.length);
  const view = viewOf(bytes);
  const put = (offset: number, word: string): void => {
    for (let i = 0; i < 4; i++) bytes[offset + i] = word.charCodeAt(i);
  };
  put(0, 'RIFF');
  view.setUint32(4, 36 + 2 * audio.length, true);
  put(8, 'WAVE');
  put(12, 'fmt ');
  view.setUint32(16, 16, true);
  view.setUint16(20, 1, true);
  view.setUint16(22, 1, true);
  view.setUint32(24, sampleRate, true);
  view.setUint32(28, sampleRate * 2, true);
  view.setUint16(32, 2, true);
  view.setUint16(34, 16, true);
  put(36, 'data');
  view.setUint32(40, 2 * audio.length, true);
  for (let i = 0; i < audio.length; i++) {
    view.setInt16(44 + 2 * i, Math.max(-32768, Math.min(32767, Math.round((audio[i] as number) * 32768))), true);
  }
  return bytes;
}
