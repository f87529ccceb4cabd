import { decodeWavNote } from './wav-note.js';
import { contentsOf } from '../scan/contents.js';
import { decodeExample, encodeExample, type Feature } from './example.js';
import { type LabelRecord, Mismatch, parseLabels } from '../notes/labels.js';
import type { NSynthMetadata } from '../notes/note.js';
import { qualities } from '../notes/vocabulary.js';
import { checkSamples } from '../notes/check-samples.js';
import { isWav } from './wav.js';

/** How TensorFlow Datasets calls NSynth's fields. */
const aliases: Readonly<Record<string, string>> = {
  id: 'note_str',
  'instrument/label': 'instrument',
  'instrument/family': 'instrument_family',
  'instrument/source': 'instrument_source',
};

const numbers = ['note', 'pitch', 'velocity', 'instrument', 'instrument_family', 'instrument_source', 'sample_rate'];
const texts = ['note_str', 'instrument_str', 'instrument_family_str', 'instrument_source_str'];
const labelNames: ReadonlySet<string> = new Set([
  ...numbers,
  ...texts,
  'qualities',
  'qualities_str',
  ...Object.keys(aliases),
  ...qualities.map((name) => `qualities/${name}`),
]);
const audioName: ReadonlySet<string> = new Set(['audio']);
const allNames: ReadonlySet<string> = new Set([...labelNames, ...audioName]);

function utf8(bytes: Uint8Array, field: string): string {
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes);
  } catch {
    throw new Mismatch(`expected ${field} to be UTF-8, found other bytes`);
  }
}

function plainValue(name: string, feature: Feature): unknown {
  const isList = name === 'qualities' || name === 'qualities_str';
  if (feature.kind === 'float') throw new Mismatch(`expected ${name} to be integers or strings, found floats`);
  const values = feature.kind === 'int64' ? feature.values : feature.values.map((bytes) => utf8(bytes, name));
  if (isList) return values;
  if (values.length !== 1) throw new Mismatch(`expected one value of ${name}, found ${values.length}`);
  return values[0];
}

function labelsFrom(features: ReadonlyMap<string, Feature>, sampleRate: number): LabelRecord {
  const entry: Record<string, unknown> = {};
  for (const [name, feature] of features) {
    if (name !== 'audio' && !name.startsWith('qualities/')) entry[aliases[name] ?? name] = plainValue(name, feature);
  }
  if (features.has(`qualities/${qualities[0]}`)) {
    entry['qualities'] = qualities.map((name) => {
      const feature = features.get(`qualities/${name}`);
      return feature === undefined ? 0 : plainValue(name, feature);
    });
  }
  // TensorFlow writes an empty list of no type for a note without qualities.
  if (!features.has('qualities_str')) delete entry['qualities_str'];
  entry['sample_rate'] ??= sampleRate;
  return parseLabels(entry);
}

function audioFrom(features: ReadonlyMap<string, Feature>, sampleRate: number): Float32Array {
  const feature = features.get('audio');
  if (feature?.kind === 'float') {
    if (feature.values.length === 0) throw new Mismatch('expected samples in audio, found none');
    return feature.values;
  }
  const [bytes] = feature?.kind === 'bytes' ? feature.values : [];
  if (bytes === undefined || !isWav(bytes))
    throw new Mismatch(`expected audio as a list of floats or a WAV file, found ${foundAudio(feature)}`);
  return decodeWavNote(bytes, sampleRate);
}

function foundAudio(feature: Feature | undefined): string {
  if (feature === undefined) return 'no audio';
  if (feature.kind === 'int64')
    return 'audio as integers. Divide them by their full scale, 32768 for 16 bits, and write them as floats';
  const [bytes] = feature.kind === 'bytes' ? feature.values : [];
  return bytes === undefined ? 'an empty list' : (contentsOf(bytes) ?? `${bytes.length} bytes of something else`);
}

/**
 * A note from a serialised tf.train.Example with the keys of NSynth or of TensorFlow Datasets.
 *
 * @param sampleRate Hz, for records that do not say it
 * @throws Mismatch
 */
export function exampleNote(bytes: Uint8Array, sampleRate: number): { labels: LabelRecord; audio: Float32Array } {
  const features = decodeExample(bytes, allNames);
  const labels = labelsFrom(features, sampleRate);
  const audio = audioFrom(features, labels.sampleRate);
  checkSamples(audio);
  return { labels, audio };
}

/** Its audio alone. */
export const exampleAudio = (bytes: Uint8Array, sampleRate: number): Float32Array =>
  audioFrom(decodeExample(bytes, audioName), sampleRate);

/** The record as NSynth publishes it: all 13 labels, and the audio as floats. */
export function encodeExampleNote(metadata: NSynthMetadata, audio: Float32Array): Uint8Array {
  return encodeExample({
    ...Object.fromEntries(numbers.map((name) => [name, [metadata[name as 'note']]])),
    ...Object.fromEntries(texts.map((name) => [name, [Buffer.from(metadata[name as 'note_str'])]])),
    qualities: metadata.qualities,
    qualities_str: metadata.qualities_str.map((name) => Buffer.from(name)),
    audio,
  });
}
