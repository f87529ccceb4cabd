import { parseJson } from '@gansynth/common/json';
import { createHash } from 'node:crypto';
import { open, readFile, stat } from 'node:fs/promises';
import { join } from 'node:path';
import * as tf from '@tensorflow/tfjs-core';
import type { Json } from '../json.js';

export const manifestFile = 'checkpoint.json';
const weightsFile = 'weights.bin';
const format = 'gansynth-checkpoint';
const version = 1;

type SavedType = 'float32' | 'int32' | 'bool';

/** What a checkpoint's `checkpoint.json` holds, beside a hash of itself. The weights are a tfjs weights manifest and its file. */
export interface Manifest {
  readonly format: typeof format;
  readonly version: typeof version;
  readonly identity: string | null;
  readonly step: number;
  readonly score: number | null;
  readonly savedAt: string;
  readonly state: Json;
  readonly weightsManifest: readonly [
    {
      readonly paths: readonly [typeof weightsFile];
      readonly weights: readonly { readonly name: string; readonly shape: readonly number[]; readonly dtype: SavedType }[];
    },
  ];
  readonly weightsBytes: number;
  readonly weightsHash: string;
}

/** Thrown while reading: the reason goes into a refusal. */
export class Unusable extends Error {
  constructor(
    readonly kind: 'damaged' | 'foreign',
    reason: string,
  ) {
    super(reason);
  }
}

export type Header = Pick<Manifest, 'identity' | 'step' | 'score' | 'savedAt' | 'state'>;

const hashOf = (text: string): string => createHash('sha256').update(text).digest('hex');

/** Writes weights, then the manifest that vouches for them; both reach the disk before it returns. */
export async function writeCheckpoint(
  directory: string,
  header: Header,
  tensors: Readonly<Record<string, tf.Tensor>>,
  signal?: AbortSignal,
): Promise<void> {
  const hash = createHash('sha256');
  let bytes = 0;
  const file = await open(join(directory, weightsFile), 'wx');
  try {
    for (const tensor of Object.values(tensors)) {
      signal?.throwIfAborted();
      const values = await tensor.data();
      const chunk = new Uint8Array(values.buffer, values.byteOffset, values.byteLength);
      for (let from = 0; from < chunk.length;) from += (await file.write(chunk, from, chunk.length - from)).bytesWritten;
      hash.update(chunk);
      bytes += chunk.length;
    }
    await file.sync();
  } finally {
    await file.close();
  }
  const manifest: Manifest = {
    format,
    version,
    ...header,
    weightsManifest: [
      {
        paths: [weightsFile],
        weights: Object.entries(tensors).map(([name, { shape, dtype }]) => ({ name, shape, dtype: dtype as SavedType })),
      },
    ],
    weightsBytes: bytes,
    weightsHash: hash.digest('hex'),
  };
  const text = JSON.stringify(manifest);
  const manifestHandle = await open(join(directory, manifestFile), 'wx');
  try {
    await manifestHandle.writeFile(JSON.stringify({ ...manifest, hash: hashOf(text) }, null, 2));
    await manifestHandle.sync();
  } finally {
    await manifestHandle.close();
  }
  signal?.throwIfAborted();
}

/**
 * Reads and checks a manifest.
 *
 * @throws Unusable
 */
export async function readManifest(directory: string, identity: string | null): Promise<Manifest> {
  const text = await readFile(join(directory, manifestFile), 'utf8').catch((error: NodeJS.ErrnoException) => {
    throw new Unusable('damaged', `cannot read ${manifestFile} (${error.code})`);
  });
  let parsed: unknown;
  try {
    parsed = parseJson(text);
  } catch {
    throw new Unusable('damaged', `${manifestFile} is not JSON`);
  }
  if (typeof parsed !== 'object' || parsed === null || !('format' in parsed) || parsed.format !== format) {
    throw new Unusable('foreign', `${manifestFile} is not of format ${format}`);
  }
  const { hash, ...rest } = parsed as Manifest & { hash?: unknown };
  if (rest.version !== version) throw new Unusable('foreign', `expected version ${version}, found ${String(rest.version)}`);
  if (hash !== hashOf(JSON.stringify(rest)))
    throw new Unusable('damaged', `${manifestFile} does not have the hash written in it`);
  if (identity !== null && rest.identity !== identity) {
    throw new Unusable('foreign', `expected a checkpoint of ${identity}, found one of ${rest.identity ?? 'an unnamed run'}`);
  }
  return rest;
}

/**
 * Reads the tensors a manifest describes.
 *
 * @returns new tensors, owned by the caller
 * @throws Unusable if the file is not, byte for byte, what was saved
 */
export async function readTensors(
  directory: string,
  manifest: Manifest,
  signal?: AbortSignal,
): Promise<Record<string, tf.Tensor>> {
  const path = join(directory, weightsFile);
  const size = await stat(path).then(
    (stats) => stats.size,
    (error: NodeJS.ErrnoException) => {
      throw new Unusable('damaged', `cannot read ${weightsFile} (${error.code})`);
    },
  );
  if (size !== manifest.weightsBytes) {
    throw new Unusable('damaged', `expected ${weightsFile} of ${manifest.weightsBytes} bytes, found ${size}`);
  }
  const bytes = await readFile(path, { signal });
  if (createHash('sha256').update(bytes).digest('hex') !== manifest.weightsHash) {
    throw new Unusable('damaged', `${weightsFile} does not have the hash in ${manifestFile}`);
  }
  const tensors: Record<string, tf.Tensor> = {};
  let offset = 0;
  for (const { name, shape, dtype } of manifest.weightsManifest[0].weights) {
    const count = tf.util.sizeFromShape([...shape]);
    const end = offset + count * tf.util.bytesPerElement(dtype);
    // A copy, for alignment.
    const part = bytes.buffer.slice(bytes.byteOffset + offset, bytes.byteOffset + end);
    const values = dtype === 'float32' ? new Float32Array(part) : dtype === 'int32' ? new Int32Array(part) : new Uint8Array(part);
    tensors[name] = tf.tensor(values, [...shape], dtype);
    offset = end;
  }
  return tensors;
}
