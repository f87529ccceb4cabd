import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import protobuf from 'protobufjs';
import { describe, expect, it } from 'vitest';
import { makeNotes, temporaryFolder } from '../../test/collection.js';
import { decodeExample, encodeExample, type FeatureValue } from './example.js';
import { encodeExampleNote, exampleNote } from './example-note.js';
import type { NSynthMetadata } from '../notes/note.js';
import { openDataset } from '../dataset/open-dataset.js';
import { encodeTFRecord } from './tfrecord.js';
import { encodeWav } from './wav.js';

// The messages as TensorFlow defines them (tensorflow/core/example/feature.proto), encoded by the library's own compiler.
const { root } = protobuf.parse(`
  syntax = "proto3";
  message BytesList { repeated bytes value = 1; }
  message FloatList { repeated float value = 1 [packed = true]; }
  message Int64List { repeated int64 value = 1 [packed = true]; }
  message Feature { oneof kind { BytesList bytes_list = 1; FloatList float_list = 2; Int64List int64_list = 3; } }
  message Features { map<string, Feature> feature = 1; }
  message Example { Features features = 1; }
  message LooseFloatList { repeated float value = 1 [packed = false]; }
  message LooseFeature { LooseFloatList float_list = 2; }
  message LooseFeatures { map<string, LooseFeature> feature = 1; }
  message LooseExample { LooseFeatures features = 1; }`);
const Example = root.lookupType('Example');
const oracle = (type: string, feature: object): Uint8Array => {
  const found = root.lookupType(type);
  return found.encode(found.fromObject({ features: { feature } })).finish();
};
const everything = new Set(['a', 'b', 'c', 'd', 'audio']);

describe('tf.train.Example', () => {
  it('is read as the reference encoder writes it', () => {
    const bytes = oracle('Example', {
      a: { int64List: { value: [0, 1, -1, 300, 2 ** 40] } },
      b: { bytesList: { value: [Buffer.from('one'), Buffer.from('')] } },
      c: { floatList: { value: [0.5, -2, 1e-20] } },
      d: { floatList: { value: [] } },
      other: { floatList: { value: [1] } },
    });
    const features = decodeExample(bytes, everything);
    expect(features.get('a')).toEqual({ kind: 'int64', values: [0, 1, -1, 300, 2 ** 40] });
    expect(features.get('b')).toMatchObject({ kind: 'bytes', values: [Buffer.from('one'), Buffer.from('')] });
    expect(features.get('c')).toEqual({ kind: 'float', values: Float32Array.of(0.5, -2, 1e-20) });
    expect(features.get('d')).toEqual({ kind: 'float', values: new Float32Array() });
    expect(features.has('other')).toBe(false);
  });

  it('is read with floats that are not packed', () => {
    const bytes = oracle('LooseExample', { c: { floatList: { value: [0.5, -2, 3] } } });
    expect(decodeExample(bytes, everything).get('c')).toEqual({ kind: 'float', values: Float32Array.of(0.5, -2, 3) });
  });

  it('is written as the reference decoder reads it', () => {
    const values: Record<string, FeatureValue> = { a: [1, -5, 2 ** 33], b: [Buffer.from('x')], c: Float32Array.of(1, 2), d: [] };
    const decoded = Example.toObject(Example.decode(encodeExample(values)), { longs: Number }) as {
      features: { feature: unknown };
    };
    expect(decoded.features.feature).toEqual({
      a: { int64List: { value: [1, -5, 2 ** 33] } },
      b: { bytesList: { value: [Buffer.from('x')] } },
      c: { floatList: { value: [1, 2] } },
      d: { int64List: {} },
    });
  });
});

describe('a note as tf.train.Example', () => {
  const [{ entry, audio }] = makeNotes(8).slice(-1) as [ReturnType<typeof makeNotes>[0]];

  it('survives writing and reading', () => {
    const note = exampleNote(encodeExampleNote(entry as unknown as NSynthMetadata, audio), 16000);
    expect(note.audio).toEqual(audio);
    expect(note.labels).toMatchObject({ id: entry.note_str, pitch: entry.pitch, family: entry['instrument_family'] });
  });

  it('may have its audio as a WAV file', () => {
    const bytes = encodeExample({
      note_str: [Buffer.from('x-060-100')],
      pitch: [60],
      velocity: [100],
      instrument_family: [3],
      instrument_source: [0],
      audio: [encodeWav(audio, 16000)],
    });
    const note = exampleNote(bytes, 16000);
    expect(note.audio).toEqual(audio);
    expect(note.labels).toMatchObject({ id: 'x-060-100', instrumentName: 'x', sampleRate: 16000 });
  });

  it('has its WAV file read from wherever it lies in a file of many', async () => {
    const folder = temporaryFolder();
    const many = makeNotes(12, { samples: 500 });
    const records = many.map(({ entry: labels, audio: samples }, index) =>
      encodeTFRecord(
        encodeExample({
          // Names of different lengths: the samples begin at even and at odd addresses.
          note_str: [Buffer.from(`${'x'.repeat(1 + index)}-060-100`)],
          pitch: [60],
          velocity: [100],
          instrument_family: [labels['instrument_family'] as number],
          instrument_source: [0],
          audio: [encodeWav(samples, 16000)],
        }),
      ),
    );
    const path = join(folder, 'wav.tfrecord');
    writeFileSync(path, Buffer.concat(records));
    const dataset = await openDataset(path);
    expect(dataset.length).toBe(12);
    for (const order of [many.keys(), [...many.keys()].toReversed()]) {
      for (const index of order) expect((await dataset.note(index)).audio.data).toEqual(many[index]?.audio);
    }
    await dataset.close();
  });

  it('may have the keys of TensorFlow Datasets', () => {
    const bytes = encodeExample({
      id: [Buffer.from('guitar_acoustic_010-060-075')],
      pitch: [60],
      velocity: [75],
      'instrument/label': [417],
      'instrument/family': [3],
      'instrument/source': [0],
      'qualities/bright': [0],
      'qualities/dark': [1],
      'qualities/tempo-synced': [1],
      audio,
    });
    const { labels } = exampleNote(bytes, 16000);
    expect(labels).toMatchObject({
      id: 'guitar_acoustic_010-060-075',
      instrument: 417,
      instrumentName: 'guitar_acoustic_010',
      family: 3,
      source: 0,
    });
    expect(labels.qualities).toBe(0b10_0000_0010);
  });
});
