import type { Share, Work } from '@gansynth/common/node';
import { parseJson } from '@gansynth/common/json';
import type { HeardNotes, NoteRows } from '@gansynth/metrics';
import { encodeSafetensors, ModelFileError, parseSafetensors, type PlainTensor, type Safetensors } from '@gansynth/model-files';
import { readFileSync } from 'node:fs';
import { InputError } from '../app/errors.js';
import { has } from '../runs/read-json-of.js';
import { share as shareOf } from '../shares/share.js';
import type { Evaluation } from './evaluation.js';

/** Sets of notes of an evaluation. */
export const setNames = ['reference', 'model', 'real', 'untrained'] as const;
export type SetName = (typeof setNames)[number];

/** What a file of heard notes says of itself. */
export interface HeardPart {
  readonly set: SetName;
  readonly share: Share;
  /** What all shares have in common. */
  readonly work: Work;
  /** Sets that every share has. */
  readonly sets: readonly SetName[];
  readonly seed: number;
  readonly evaluation: Pick<Evaluation, 'model' | 'classifier'>;
  /** That the hearing took. */
  readonly seconds: number;
}

const kind = 'gansynth-heard-notes';

/** A part of a set of heard notes as a safetensors file: numbers of each note, and in its metadata what they are part of. */
export function encodeHeard(heard: HeardNotes, part: HeardPart): Uint8Array {
  const { features, logits, qualities, spectrograms, pitches, ...about } = heard;
  return encodeSafetensors(
    { features, logits, qualities, spectrograms, pitches: { shape: [pitches.length], data: pitches } },
    { kind, format: '1', part: JSON.stringify(part), heard: JSON.stringify(about) },
  );
}

const isText = (value: unknown): value is string => typeof value === 'string';
const isSet = (value: unknown): value is SetName => setNames.some((name) => name === value);
const isWork = (value: unknown): value is Work =>
  typeof value === 'object' && value !== null && Object.values(value).every(isText);
const isEvaluation = (value: unknown): value is HeardPart['evaluation'] =>
  has(value, 'model', 'classifier') &&
  isText(value.model) &&
  has(value.classifier, 'folder', 'heldOutAccuracy', 'heldOutNotes', 'notHeldOut');
const isPart = (value: unknown): value is HeardPart =>
  has(value, 'set', 'share', 'work', 'sets', 'seed', 'evaluation', 'seconds') &&
  isSet(value.set) &&
  has(value.share, 'index', 'of') &&
  isWork(value.work) &&
  Array.isArray(value.sets) &&
  value.sets.every(isSet) &&
  typeof value.seed === 'number' &&
  typeof value.seconds === 'number' &&
  isEvaluation(value.evaluation);

type About = Pick<HeardNotes, 'classifier' | 'backend' | 'sampleRate' | 'lowestPitch' | 'fingerprint'>;
const isAbout = (value: unknown): value is About =>
  has(value, 'classifier', 'backend', 'sampleRate', 'lowestPitch', 'fingerprint') &&
  [value.classifier, value.backend, value.fingerprint].every(isText) &&
  typeof value.sampleRate === 'number' &&
  typeof value.lowestPitch === 'number';

function parsed(file: string, fail: (found: string, cause: unknown) => InputError): Safetensors {
  const bytes = readFileSync(file);
  try {
    return parseSafetensors(bytes, file);
  } catch (error) {
    if (!ModelFileError.isInstance(error)) throw error;
    throw fail(`a file that is truncated, damaged, or none of these (${error.message})`, error);
  }
}

const isFloats = (data: PlainTensor['data']): data is Float32Array => data instanceof Float32Array;
const isDoubles = (data: PlainTensor['data']): data is Float64Array => data instanceof Float64Array;

/**
 * Reads a part of an evaluation.
 *
 * @throws InputError for any other file, and for one that is damaged
 */
export function readHeard(file: string): { readonly part: HeardPart; readonly heard: HeardNotes } {
  const fail = (found: string, cause?: unknown): InputError =>
    new InputError(
      `${file}: expected notes that gansynth evaluate --shard has heard, found ${found}. Remove the file, and give its share's command again.`,
      file,
      { cause },
    );
  const { tensors, metadata } = parsed(file, fail);
  if (metadata['kind'] !== kind || metadata['format'] !== '1') throw fail('other tensors');
  const [part, about] = [parseJson(metadata['part'] ?? 'null'), parseJson(metadata['heard'] ?? 'null')];
  if (!isPart(part) || !isAbout(about)) throw fail('ones that are damaged');
  shareOf(`${part.share.index}/${part.share.of}`);
  const rows = <Data extends Float32Array | Float64Array>(
    name: string,
    isData: (data: PlainTensor['data']) => data is Data,
  ): NoteRows<Data> => {
    const tensor = tensors[name];
    const [notes, columns] = tensor?.shape ?? [];
    if (tensor === undefined || notes === undefined || columns === undefined || !isData(tensor.data)) throw fail(`no ${name}`);
    return { data: tensor.data, shape: [notes, columns] };
  };
  const pitches = tensors['pitches']?.data;
  if (!(pitches instanceof Int32Array)) throw fail('no pitches');
  return {
    part,
    heard: {
      ...about,
      pitches,
      features: rows('features', isFloats),
      logits: rows('logits', isFloats),
      qualities: rows('qualities', isDoubles),
      spectrograms: rows('spectrograms', isFloats),
    },
  };
}
