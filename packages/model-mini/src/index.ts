import { filesFrom, type ModelFiles } from './model-files.js';

export type { ByteRange, ModelFiles } from './model-files.js';

/** The model: `await loadModel(modelMini)` with `loadModel` of `@gansynth/models-gan`. */
export const modelMini: ModelFiles = filesFrom(async (url) => {
  const response = await fetch(url);
  if (!response.ok) throw new Error(`model-mini: expected a file at ${url.href}, found HTTP status ${response.status}.`);
  return new Uint8Array(await response.arrayBuffer());
});
