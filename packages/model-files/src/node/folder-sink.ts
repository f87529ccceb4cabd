import { checkOptions } from '../check-options.js';
import { systemCodeOf } from '@gansynth/common/errors';
import { createDirectory, flushDirectory, removeLeftovers, temporaryName, writeDurably } from '@gansynth/common/node';
import { mkdir, readdir, readFile, rename, rm, rmdir } from 'node:fs/promises';
import { basename, dirname, join, resolve } from 'node:path';
import { ModelFileError } from '../errors.js';
import { insidePath, type FileSink } from '../files/file-source.js';
import { topologyFile } from '../layers/layers-files.js';
import { parseJson } from '../manifest/bounded-json.js';
import { FieldReader, isJsonObject } from '../manifest/fields.js';
import { manifestFile } from '../manifest/model-manifest.js';

export interface FolderSinkOptions {
  /** The file that a reader begins with, and that names the others. Default: `gansynth.json`. */
  readonly entry?: string;
}

type Files = Readonly<Record<string, Uint8Array>>;

/**
 * A folder of this machine to save a model to. A new one appears under its name with all its files. In one that is there already the new
 * files are put beside the old, and the entry file, which names the new ones, is replaced last: whoever reads, and whenever the process
 * dies, the folder holds one whole model, the old or the new. Then the files of the old one are deleted; others that lie there stay.
 *
 * @throws ModelFileError (from `write`) if the folder has files in it, but no model
 */
export function folderSink(folder: string, options: FolderSinkOptions = {}): FileSink {
  checkOptions('folderSink', options, { entry: true });
  const { entry = manifestFile } = options;
  const target = resolve(folder);
  return {
    list: async () => (await present(target)) ?? [],
    write: async (files) => {
      for (const path of Object.keys(files)) insidePath(path);
      const parent = dirname(target);
      await mkdir(parent, { recursive: true });
      const names = await present(target);
      if (names === null || names.length === 0) {
        if (names !== null) await rmdir(target);
        await createDirectory(parent, basename(target), (directory) => writeAll(directory, files));
      } else {
        if (!names.includes(entry))
          throw new ModelFileError(
            target,
            `expected a new folder, an empty one, or one that holds a model (${entry}), found ${names.slice(0, 3).join(', ')}. Choose another folder.`,
            names,
          );
        await replaceFiles(target, files, entry);
        await removeLeftovers(target);
      }
      await removeLeftovers(parent);
      await removeOldLeftovers(target);
    },
  };
}

/** Names in a folder, without what unfinished writings left; null if there is no folder. */
async function present(folder: string): Promise<string[] | null> {
  try {
    return (await readdir(folder)).filter((name) => !name.startsWith('.tmp-'));
  } catch (error) {
    if (systemCodeOf(error) === 'ENOENT') return null;
    throw error;
  }
}

async function writeAll(directory: string, files: Files): Promise<void> {
  for (const [path, bytes] of Object.entries(files)) await writeDurably(join(directory, path), bytes);
}

async function replaceFiles(target: string, files: Files, entry: string): Promise<void> {
  const old = new Set([...(await filesNamedBy(target, entry)), ...(await filesNamedBy(target, topologyFile))]);
  // Names that nobody knows yet first, then files that others name (model.json), then the one that readers begin with.
  const rank = (path: string): number => (path === entry ? 2 : old.has(path) ? 1 : 0);
  const paths = Object.keys(files).sort((a, b) => rank(a) - rank(b));
  const temporary = new Map(paths.map((path) => [path, join(target, temporaryName())]));
  try {
    for (const [path, name] of temporary) await writeDurably(name, files[path] ?? new Uint8Array());
    for (const [path, name] of temporary) {
      await mkdir(dirname(join(target, path)), { recursive: true });
      await rename(name, join(target, path));
      if (rank(path) === 0) await flushDirectory(target);
    }
    await flushDirectory(target);
  } finally {
    for (const name of temporary.values()) await rm(name, { force: true });
  }
  for (const name of await readdir(target)) if (/^group\d+-shard\d+of\d+\.bin$/.test(name)) old.add(name);
  for (const path of old) if (!Object.hasOwn(files, path)) await rm(join(target, path), { force: true });
}

/** What a manifest or `model.json` says lies beside it; nothing if it is none, or damaged. */
async function filesNamedBy(folder: string, file: string): Promise<string[]> {
  try {
    const json = parseJson(await readFile(join(folder, file)), file);
    const { files = {}, weightsManifest = [] } = FieldReader.of(json, file).json;
    const groups = new FieldReader({ weightsManifest }, file).list('weightsManifest', (list, index) =>
      list.object(index)?.list('paths', (paths, at) => insidePath(paths.text(at) ?? '', file)),
    );
    return [file, ...Object.keys(isJsonObject(files) ? files : {}), ...(groups ?? []).flat()].map((path) =>
      insidePath(path, file),
    );
  } catch {
    return [];
  }
}

/** Before version 0.2 a killed process left `.model.<uuid>` beside `model`. */
async function removeOldLeftovers(target: string): Promise<void> {
  const prefix = `.${basename(target)}.`;
  for (const name of await readdir(dirname(target))) {
    const rest = name.startsWith(prefix) ? name.slice(prefix.length) : '';
    if (/^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}(\.old)?$/.test(rest))
      await rm(join(dirname(target), name), { recursive: true, force: true });
  }
}
