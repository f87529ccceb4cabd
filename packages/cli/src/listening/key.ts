import type { ListeningTest } from '@gansynth/metrics';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { InputError, UsageError } from '../app/errors.js';
import { has, readJsonOf } from '../runs/read-json-of.js';

/** A sound of a listening test: a note, or a side of a catch. */
export interface TestSound {
  /** File below page/sounds; its name says nothing about the model. */
  readonly file: string;
  /** `null`: the tone of catches, or that tone in noise. */
  readonly note: { readonly model: string; readonly id: string } | null;
  readonly pitch: number;
}

/** `test.json`: what the researcher keeps and no listener sees. */
export interface TestKey extends ListeningTest {
  readonly kind: 'gansynth-listening-test';
  readonly format: 1;
  /** Checksum of all that is heard, and in which order. */
  readonly id: string;
  readonly models: readonly { readonly name: string; readonly where: string; readonly kind: 'model' | 'notes' }[];
  /** LUFS of every sound but those named quieter. */
  readonly loudness: number;
  readonly sounds: readonly TestSound[];
}

const isKey = (value: unknown): value is TestKey =>
  has(value, 'kind', 'format', 'id', 'pairs', 'catches', 'sheets', 'sounds') &&
  value.kind === 'gansynth-listening-test' &&
  value.format === 1 &&
  [value.pairs, value.catches, value.sheets, value.sounds].every(Array.isArray);

/** Where the parts of a listening test lie. */
export const pathsOf = (
  folder: string,
): { readonly key: string; readonly page: string; readonly sounds: string; readonly answers: string } => ({
  key: join(folder, 'test.json'),
  page: join(folder, 'page'),
  sounds: join(folder, 'page', 'sounds'),
  answers: join(folder, 'answers'),
});

export const isTestFolder = (folder: string): boolean => existsSync(pathsOf(folder).key);

/** @throws UsageError if the folder holds a listening test already: its answers would be lost */
export function checkNoTest(folder: string): void {
  if (isTestFolder(folder))
    throw new UsageError(`--to ${folder}: expected a new folder, found a listening test there. Name another.`, folder);
}

/** @throws InputError if there is no listening test in the folder, or a damaged one */
export function readKey(folder: string): TestKey {
  if (isTestFolder(folder)) return readJsonOf(pathsOf(folder).key, isKey);
  throw new InputError(`${folder}: expected a listening test (test.json), found none. Make one: gansynth listen make.`, folder);
}
