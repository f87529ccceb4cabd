import { readFileSync } from 'node:fs';
import { InputError } from '../app/errors.js';

export interface Sound {
  /** One channel, full scale 1: the mean of those in the file. */
  readonly samples: Float32Array;
  /** Hz */
  readonly sampleRate: number;
}

interface Format {
  readonly code: number;
  readonly channels: number;
  readonly sampleRate: number;
  readonly bits: number;
}

/** Reads a WAV file: PCM of 8 to 32 bits, or float. @throws InputError with what is wrong with it */
export function readWav(path: string): Sound {
  const bytes = readFileSync(path);
  const fail = (found: string): never => {
    throw new InputError(
      `${path}: expected a WAV file (PCM or float), found ${found}. Convert it: ffmpeg -i <sound> -c:a pcm_s16le ${path}`,
      path,
    );
  };
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const word = (at: number): string => bytes.toString('latin1', at, at + 4);
  if (bytes.length < 12 || word(0) !== 'RIFF' || word(8) !== 'WAVE') return fail('another kind of file');
  let format: Format | undefined;
  for (let at = 12; at + 8 <= bytes.length;) {
    const [name, size, body] = [word(at), view.getUint32(at + 4, true), at + 8];
    if (name === 'fmt ' && body + 16 <= bytes.length) {
      const extensible = view.getUint16(body, true) === 0xfffe && size >= 26 && body + 26 <= bytes.length;
      format = {
        code: view.getUint16(extensible ? body + 24 : body, true),
        channels: view.getUint16(body + 2, true),
        sampleRate: view.getUint32(body + 4, true),
        bits: view.getUint16(body + 14, true),
      };
    }
    if (name === 'data') {
      if (format === undefined) return fail('samples without a format');
      if (body + size > bytes.length) return fail(`${bytes.length - body} of ${size} bytes of samples: it is cut short`);
      const samples = decode(view, body, size, format);
      if (samples === undefined) return fail(`format ${format.code} with ${format.bits} bits and ${format.channels} channels`);
      const bad = samples.findIndex((value) => !Number.isFinite(value));
      if (bad >= 0) return fail(`${samples[bad]} at sample ${bad}`);
      if (samples.length === 0) return fail('no samples');
      return { samples, sampleRate: format.sampleRate };
    }
    at = body + size + (size & 1);
  }
  return fail('no samples');
}

function decode(
  view: DataView,
  start: number,
  size: number,
  { code, channels, bits, sampleRate }: Format,
): Float32Array | undefined {
  const readers: Readonly<Record<string, (at: number) => number>> = {
    '1/8': (at) => (view.getUint8(at) - 128) / 128,
    '1/16': (at) => view.getInt16(at, true) / 32_768,
    '1/24': (at) => (view.getUint16(at, true) + view.getInt8(at + 2) * 65_536) / 8_388_608,
    '1/32': (at) => view.getInt32(at, true) / 2_147_483_648,
    '3/32': (at) => view.getFloat32(at, true),
    '3/64': (at) => view.getFloat64(at, true),
  };
  const read = readers[`${code}/${bits}`];
  if (read === undefined || channels < 1 || sampleRate < 1) return undefined;
  const width = bits / 8;
  return Float32Array.from({ length: Math.floor(size / width / channels) }, (_, i) => {
    let sum = 0;
    for (let channel = 0; channel < channels; channel++) sum += read(start + (i * channels + channel) * width);
    return sum / channels;
  });
}
