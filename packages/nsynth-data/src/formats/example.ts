import { messageOf } from '@gansynth/common/errors';
import protobuf from 'protobufjs';
import { Mismatch } from '../notes/labels.js';

/**
 * One feature of a tf.train.Example. Float lists stay as the bytes they are stored in: turned into JavaScript numbers one by one,
 * a note's 64,000 samples would take as long as everything else together.
 */
export type Feature =
  | { readonly kind: 'bytes'; readonly values: readonly Uint8Array[] }
  | { readonly kind: 'float'; readonly values: Float32Array }
  | { readonly kind: 'int64'; readonly values: readonly number[] };

type Reader = protobuf.Reader;

/** Calls `visit` for each field of a message of `length` bytes; fields it does not take are passed over. */
function eachField(reader: Reader, length: number, visit: (field: number, wireType: number) => boolean): void {
  const end = reader.pos + length;
  if (end > reader.len) throw new RangeError('message longer than what contains it');
  while (reader.pos < end) {
    const tag = reader.uint32();
    if (!visit(tag >>> 3, tag & 7)) reader.skipType(tag & 7);
  }
  if (reader.pos !== end) throw new RangeError('field longer than its message');
}

const delimited = 2;

function readFloats(reader: Reader, length: number): Float32Array {
  const packed: Uint8Array[] = [];
  eachField(reader, length, (field, wireType) => {
    if (field !== 1 || (wireType !== delimited && wireType !== 5)) return false;
    const size = wireType === delimited ? reader.uint32() : 4;
    if (size % 4 !== 0 || reader.pos + size > reader.len) throw new RangeError('float list of broken length');
    packed.push(reader.buf.subarray(reader.pos, reader.pos + size));
    reader.skip(size);
    return true;
  });
  const total = packed.reduce((sum, { length: size }) => sum + size, 0);
  // A fresh array: the bytes lie at any address, floats must lie at multiples of 4.
  const bytes = new Uint8Array(total);
  let at = 0;
  for (const part of packed) {
    bytes.set(part, at);
    at += part.length;
  }
  return new Float32Array(bytes.buffer);
}

/** No list of labels is longer; what is more, such as audio as integers, is passed over. */
const mostIntegers = 1000;

function readIntegers(reader: Reader, length: number): number[] {
  const values: number[] = [];
  const push = (): void => {
    if (values.length < mostIntegers) values.push(Number(reader.int64()));
    else reader.skipType(0);
  };
  eachField(reader, length, (field, wireType) => {
    if (field !== 1 || (wireType !== delimited && wireType !== 0)) return false;
    if (wireType === 0) push();
    else {
      const end = reader.uint32() + reader.pos;
      if (end > reader.len) throw new RangeError('integer list of broken length');
      while (reader.pos < end && values.length < mostIntegers) push();
      if (values.length === mostIntegers) reader.pos = Math.max(reader.pos, end);
    }
    return true;
  });
  return values;
}

function readFeature(reader: Reader, length: number): Feature | undefined {
  let feature: Feature | undefined;
  eachField(reader, length, (field, wireType) => {
    if (wireType !== delimited || field < 1 || field > 3) return false;
    const size = reader.uint32();
    if (field === 2) feature = { kind: 'float', values: readFloats(reader, size) };
    else if (field === 3) feature = { kind: 'int64', values: readIntegers(reader, size) };
    else {
      const values: Uint8Array[] = [];
      eachField(reader, size, (inner, innerType) => {
        if (inner !== 1 || innerType !== delimited) return false;
        values.push(reader.bytes());
        if (values.length > 1000) throw new RangeError('more than 1000 strings');
        return true;
      });
      feature = { kind: 'bytes', values };
    }
    return true;
  });
  return feature;
}

/**
 * Features of a serialised tf.train.Example.
 *
 * @param wanted names of the features to read; the others are passed over
 * @throws Mismatch if the bytes are no such message
 */
export function decodeExample(bytes: Uint8Array, wanted: ReadonlySet<string>): Map<string, Feature> {
  const found = new Map<string, Feature>();
  const reader = protobuf.Reader.create(bytes);
  try {
    eachField(reader, bytes.length, (outer, outerType) => {
      if (outer !== 1 || outerType !== delimited) return false;
      eachField(reader, reader.uint32(), (entry, entryType) => {
        if (entry !== 1 || entryType !== delimited) return false;
        const size = reader.uint32();
        const end = reader.pos + size;
        let name = '';
        // A map's entry may hold its value before its key: look for the key first.
        const start = reader.pos;
        eachField(reader, size, (field, wireType) => {
          if (field !== 1 || wireType !== delimited) return false;
          name = reader.string();
          return true;
        });
        if (!wanted.has(name)) return true;
        reader.pos = start;
        eachField(reader, size, (field, wireType) => {
          if (field !== 2 || wireType !== delimited) return false;
          const feature = readFeature(reader, reader.uint32());
          if (feature !== undefined) found.set(name, feature);
          return true;
        });
        reader.pos = end;
        return true;
      });
      return true;
    });
  } catch (cause) {
    if (cause instanceof Mismatch) throw cause;
    throw new Mismatch(`expected a tf.train.Example, found ${bytes.length} bytes that are none (${messageOf(cause)})`);
  }
  return found;
}

/** Features to write: a list of bytes, floats or integers each. */
export type FeatureValue = readonly Uint8Array[] | Float32Array | readonly number[];

/** A serialised tf.train.Example. Floats and integers are packed, as TensorFlow writes them. */
export function encodeExample(features: Readonly<Record<string, FeatureValue>>): Uint8Array {
  const writer = protobuf.Writer.create();
  writer.uint32((1 << 3) | delimited).fork();
  for (const [name, value] of Object.entries(features)) {
    writer.uint32((1 << 3) | delimited).fork();
    writer.uint32((1 << 3) | delimited).string(name);
    writer.uint32((2 << 3) | delimited).fork();
    if (value instanceof Float32Array) {
      writer.uint32((2 << 3) | delimited).fork();
      writer.uint32((1 << 3) | delimited).bytes(new Uint8Array(value.buffer, value.byteOffset, value.byteLength));
    } else if (value.every((item) => typeof item === 'number')) {
      writer.uint32((3 << 3) | delimited).fork();
      if (value.length > 0) {
        writer.uint32((1 << 3) | delimited).fork();
        for (const item of value) writer.int64(item);
        writer.ldelim();
      }
    } else {
      writer.uint32((1 << 3) | delimited).fork();
      for (const item of value as readonly Uint8Array[]) writer.uint32((1 << 3) | delimited).bytes(item);
    }
    writer.ldelim().ldelim().ldelim();
  }
  return writer.ldelim().finish();
}
