import { httpFiles, isJsonObject, readManifest, type FileSource, type ModelManifest } from '@gansynth/model-files';
import { folderFiles } from '@gansynth/model-files/node';
import { openVoice, type OpenOptions, type Voice } from '@gansynth/voice';
import { existsSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { InputError } from '../app/errors.js';
import { findRun, listRuns } from '../runs/run.js';

const shippedModel = '@gansynth/model-mini';

/** Folder of the model that ships with gansynth, if it is installed. */
export function shippedModelFolder(): string | undefined {
  try {
    return dirname(createRequire(import.meta.url).resolve(`${shippedModel}/gansynth.json`));
  } catch {
    return undefined;
  }
}

/**
 * Folder of a model: a model's own, a run's, or the shipped one.
 *
 * @param where a folder with gansynth.json, a run, `mini`; when absent the shipped model, else the newest run that has one
 */
export function modelFolder(where: string | undefined, runs: string): string {
  const shipped = shippedModelFolder();
  if (where === undefined || where === 'mini') {
    const newest =
      where === undefined ? listRuns(runs).find((folder) => existsSync(join(folder, 'model', 'gansynth.json'))) : undefined;
    const found = shipped ?? (newest && join(newest, 'model'));
    if (found !== undefined) return found;
    throw new InputError(
      `expected a model, found none: neither ${shippedModel} nor a run in ${runs}. Train one, or name one with --model.`,
      where,
    );
  }
  if (where !== '' && existsSync(join(where, 'gansynth.json'))) return where;
  const { folder, paths } = findRun(where, runs);
  if (existsSync(join(paths.model, 'gansynth.json'))) return paths.model;
  throw new InputError(
    `${folder}: expected a run that has saved a model, found none yet. Let it train on: gansynth train.`,
    where,
  );
}

/** Files of a model. @param where as for {@link modelFolder}, or a URL */
export const modelFiles = (where: string | undefined, runs: string): FileSource =>
  where !== undefined && /^https?:\/\//.test(where) ? httpFiles(where) : folderFiles(modelFolder(where, runs));

/** A scoped npm package: no run and no folder is named so. */
const isPackage = (where: string | undefined): where is string => where !== undefined && where.startsWith('@');

/**
 * Opens a model to play it. The backend must be running.
 *
 * @param where as for {@link modelFiles}, or a scoped npm package that is installed
 */
export async function openModel(where: string | undefined, runs = 'runs', options: OpenOptions = {}): Promise<Voice> {
  if (isPackage(where)) return openVoice(where, options);
  const files = modelFiles(where, runs);
  // What is wrong with the files, if anything, is said by who opens them.
  const manifest = await readManifest(files).catch(() => undefined);
  if (manifest === undefined || !isAutoencoder(manifest)) return openVoice(files, options);
  const source = files.name ?? 'the model';
  const name = where ?? source;
  throw new InputError(
    `${source}: expected a model that plays the pitches it is asked for, found an autoencoder, which makes sounds of sounds. ` +
      `Give it some: gansynth reconstruct <sound> --model ${name}, or gansynth interpolate --wavenet ${name}.`,
    where,
  );
}

/** Whether a model makes sounds of sounds, and plays no pitches. */
function isAutoencoder({ network: { conditioning } }: ModelManifest): boolean {
  return isJsonObject(conditioning) && conditioning['kind'] === 'frames';
}
