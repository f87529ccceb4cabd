import { httpFiles, manifestFile, type FileSource } from '@gansynth/model-files';
import { folderFiles } from '@gansynth/model-files/node';
import { existsSync, readdirSync, statSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { ModelError } from '../errors.js';

/** Files of a model that is named by a URL, a folder (its own or its run's), or an npm package. */
export function nodeFiles(name: string | URL): FileSource {
  const text = String(name);
  if (/^https?:/.test(text)) return httpFiles(text);
  return folderFiles(modelFolder(text.startsWith('file:') ? fileURLToPath(text) : text));
}

/** @throws ModelError saying what was found instead */
function modelFolder(name: string): string {
  const folder = existsSync(name) && !statSync(name).isDirectory() ? dirname(name) : name;
  for (const place of [folder, join(folder, 'model')]) if (existsSync(join(place, manifestFile))) return place;
  const installed = packageFolder(name);
  if (installed !== undefined) return installed;
  const found = existsSync(folder) ? `found ${readdirSync(folder).slice(0, 5).join(', ') || 'an empty folder'}` : 'found neither';
  throw new ModelError(
    `${name}: expected a model's folder (with ${manifestFile}) or an npm package that is installed here, ${found}.`,
    name,
  );
}

/** Folder of a model that is an npm package, as the program that runs finds it, or as this package does. */
function packageFolder(name: string): string | undefined {
  if (!/^(@[\w.-]+\/)?[\w.-]+$/.test(name)) return undefined;
  for (const from of [resolve('package.json'), import.meta.url]) {
    try {
      return dirname(createRequire(from).resolve(`${name}/${manifestFile}`));
    } catch {
      continue;
    }
  }
  return undefined;
}
