import { crc32c, maskCrc } from '@gansynth/common/crc32c';

/** What a feature of a tf.train.Example holds: strings of bytes, or integers. */
export type FeatureList = readonly (string | Uint8Array)[] | readonly number[];

function varint(value: number): Buffer {
  const bytes: number[] = [];
  let rest = BigInt.asUintN(64, BigInt(value));
  for (; rest > 0x7fn; rest >>= 7n) bytes.push(Number(rest & 0x7fn) | 0x80);
  return Buffer.from([...bytes, Number(rest)]);
}

/** A field of a message whose value has a length. */
const field = (number: number, value: string | Uint8Array): Buffer => {
  const content = Buffer.from(value);
  return Buffer.concat([varint((number << 3) | 2), varint(content.length), content]);
};

const isIntegers = (list: FeatureList): list is readonly number[] => list.every((item) => typeof item === 'number');

function feature(list: FeatureList): Buffer {
  if (isIntegers(list)) return field(3, field(1, Buffer.concat(list.map(varint))));
  return field(1, Buffer.concat(list.map((item) => field(1, item))));
}

const little = (value: number, bytes: 4 | 8): Buffer => {
  const out = Buffer.alloc(bytes);
  out.writeUInt32LE(value, 0);
  return out;
};

const checksum = (bytes: Uint8Array): Buffer => little(maskCrc(crc32c(bytes)), 4);

/** A TFRecord of one tf.train.Example, byte by byte: what is under test writes floats alone. */
export function record(features: Readonly<Record<string, FeatureList>>): Buffer {
  const entries = Object.entries(features).map(([name, list]) =>
    field(1, Buffer.concat([field(1, name), field(2, feature(list))])),
  );
  const example = field(1, Buffer.concat(entries));
  const length = little(example.length, 8);
  return Buffer.concat([length, checksum(length), example, checksum(example)]);
}

/** NSynth's labels of a guitar's note. */
export const labelsOf = (pitch: number): Record<string, FeatureList> => ({
  note_str: [`guitar_acoustic_001-${String(pitch).padStart(3, '0')}-100`],
  pitch: [pitch],
  velocity: [100],
  sample_rate: [16_000],
  instrument_family: [3],
  instrument_source: [0],
});
