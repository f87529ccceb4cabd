import { messageOf } from '@gansynth/common/errors';
import { ModelFileError } from '../errors.js';
import type { FileSource } from '../files/file-source.js';
import { verifiedFiles } from '../files/verified-files.js';
import { topologyFile } from '../layers/layers-files.js';
import type { PlainWeights } from '../tensors/plain-tensor.js';
import { readWeightGroups, readWeightsManifest } from '../tensors/weights-manifest.js';
import { manifestFile, type ModelManifest } from './model-manifest.js';
import { parseManifest } from './parse-manifest.js';

/** A model's manifest and weights, read and checked: what the package of its family makes a network of. */
export interface ModelFiles {
  readonly manifest: ModelManifest;
  /** By the names the family gave them. */
  readonly weights: PlainWeights;
}

/** Reads `gansynth.json` alone: what the model is, before its weights are fetched. */
export async function readManifest(source: FileSource): Promise<ModelManifest> {
  return parseManifest(await readFile(source, manifestFile));
}

/**
 * Reads a model of any family. Every byte is checked, where the manifest has checksums (all but the oldest WaveGANs). A model that is
 * being replaced meanwhile is read again, until it has been read as a whole.
 *
 * @throws ModelFileError if a file is missing, damaged or of another kind
 */
export async function readModel(source: FileSource): Promise<ModelFiles> {
  for (let attempt = 1; ; attempt++) {
    const bytes = await readFile(source, manifestFile);
    try {
      const manifest = parseManifest(bytes);
      return { manifest, weights: await readWeights(source, manifest) };
    } catch (error) {
      if (attempt === mostAttempts || !(await isReplaced(source, bytes))) throw error;
    }
  }
}

/** Each needs a whole save between the reading of a manifest and of its weights. */
const mostAttempts = 50;

/** Whether the manifest is no longer the one that was read. */
async function isReplaced(source: FileSource, before: Uint8Array): Promise<boolean> {
  const now = await source.read(manifestFile).catch(() => undefined);
  return now !== undefined && (now.length !== before.length || now.some((byte, index) => byte !== before[index]));
}

function readWeights(source: FileSource, { files, weights }: ModelManifest): Promise<PlainWeights> {
  const readable: FileSource = { read: (path, range, expected) => readFile(source, path, range, expected) };
  const checked = Object.keys(files).length === 0 ? readable : verifiedFiles(readable, files);
  return weights === null ? readWeightsManifest(checked, topologyFile) : readWeightGroups(checked, weights, manifestFile);
}

/** A source may be of another maker, and reject with anything. */
async function readFile(source: FileSource, ...[path, range, expected]: Parameters<FileSource['read']>): Promise<Uint8Array> {
  try {
    return await source.read(path, range, expected);
  } catch (error) {
    const isOurs = ModelFileError.isInstance(error) || (error instanceof Error && error.name === 'AbortError');
    if (isOurs) throw error;
    const reason = messageOf(error);
    throw new ModelFileError(path, `expected a readable file, found none: ${reason}`, path, { cause: error });
  }
}
