/** WAV files byte by byte, as slowly and plainly as can be, with whatever is to be wrong with them. */
export interface WavParts {
  readonly code: number;
  readonly bits: number;
  readonly channels?: number;
  readonly extensible?: boolean;
  /** First four letters. Default RIFF; RF64 and BW64 get a ds64 chunk. */
  readonly form?: 'RIFF' | 'RF64' | 'BW64';
  /** Length the header says the samples have. Default: what they have. */
  readonly dataSize?: number;
  /** Length of all that the header says. Default 0. */
  readonly riffSize?: number;
  /** Chunks before the format, before the samples and after them. */
  readonly before?: readonly Chunk[];
  readonly between?: readonly Chunk[];
  readonly after?: readonly Chunk[];
  /** Bytes after all. */
  readonly rest?: readonly number[];
  readonly blockAlign?: number;
}

/** A chunk; an odd content is padded with a zero, another byte or not at all. */
export type Chunk = readonly [id: string, content: readonly number[], padding?: number | false];

const text = (word: string): number[] => [...word].map((letter) => letter.charCodeAt(0));
export const little = (value: number, size: number): number[] =>
  Array.from({ length: size }, (_, k) => Number((BigInt(value) >> BigInt(8 * k)) & 0xffn));

const chunk = ([id, content, padding = 0]: Chunk): number[] => [
  ...text(id),
  ...little(content.length, 4),
  ...content,
  ...(padding !== false && content.length % 2 === 1 ? [padding] : []),
];

/** One sample, from -1 to 1, as its bytes; of codes other than 1 and 3 the byte itself. */
function sampleBytes(sample: number, code: number, bits: number): number[] {
  if (code === 3) {
    const view = new DataView(new ArrayBuffer(8));
    if (bits === 32) view.setFloat32(0, sample, true);
    else view.setFloat64(0, sample, true);
    return Array.from({ length: bits / 8 }, (_, k) => view.getUint8(k));
  }
  if (code !== 1) return [sample];
  const width = Math.ceil(bits / 8);
  // What the width has more than the bits are zeros below them.
  const value = Math.round(sample * 2 ** (bits - 1)) * 2 ** (8 * width - bits);
  return little(width === 1 ? value + 128 : value, width);
}

export function wavBytes(samples: readonly number[], parts: WavParts): Uint8Array {
  const { code, bits, channels = 1, extensible = false, form = 'RIFF', before = [], between = [], after = [], rest = [] } = parts;
  const content = samples.flatMap((sample) => sampleBytes(sample, code, bits));
  const block = parts.blockAlign ?? channels * Math.ceil(bits / 8);
  const isWide = form !== 'RIFF';
  const format = [
    ...little(extensible ? 0xfffe : code, 2),
    ...little(channels, 2),
    ...little(22_050, 4),
    ...little(22_050 * block, 4),
    ...little(block, 2),
    ...little(bits, 2),
    ...(extensible
      ? [...little(22, 2), ...little(bits, 2), ...little(4, 4), ...little(code, 2)].concat([
          0, 0, 0, 0, 0x10, 0, 0x80, 0, 0, 0xaa, 0, 0x38, 0x9b, 0x71,
        ])
      : []),
  ];
  const wide: Chunk = ['ds64', [...little(0, 8), ...little(parts.dataSize ?? content.length, 8), ...little(0, 12)]];
  return Uint8Array.from([
    ...text(form),
    ...little(isWide ? 0xffffffff : (parts.riffSize ?? 0), 4),
    ...text('WAVE'),
    ...(isWide ? chunk(wide) : []),
    ...before.flatMap(chunk),
    ...chunk(['fmt ', format]),
    ...between.flatMap(chunk),
    ...text('data'),
    ...little(isWide ? 0xffffffff : (parts.dataSize ?? content.length), 4),
    ...content,
    ...after.flatMap(chunk),
    ...rest,
  ]);
}
