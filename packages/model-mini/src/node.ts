import { readFile } from 'node:fs/promises';
import { filesFrom, type ModelFiles } from './model-files.js';

export type { ByteRange, ModelFiles } from './model-files.js';

/** The same for Node, which does not fetch files. */
export const modelMini: ModelFiles = filesFrom(async (url) => new Uint8Array(await readFile(url)));
