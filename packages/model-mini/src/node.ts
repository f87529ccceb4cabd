import { readFile } from 'node:fs/promises';
import { filesFrom, type ModelFiles } from './model-files.js';

export type { ByteRange, ModelFiles } from './model-files.js';

/** The same for Node, which has the files at hand. */
export const modelMini: ModelFiles = filesFrom(
  async (name) => new Uint8Array(await readFile(new URL(`../model/${name}`, import.meta.url))),
);
