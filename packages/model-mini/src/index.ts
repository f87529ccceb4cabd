import { filesFrom, type ModelFiles } from './model-files.js';

export type { ByteRange, ModelFiles } from './model-files.js';

/**
 * The model: `await openVoice(modelMini)` with `openVoice` of `@gansynth/voice`, or `await loadModel(modelMini)` with `loadModel` of
 * `@gansynth/models-gan`. Its files are in a module that is loaded when they are first read: every bundler brings it along.
 */
export const modelMini: ModelFiles = filesFrom(async (name) => {
  const { embedded } = await import('./embedded.js');
  const base64 = embedded[name];
  if (base64 === undefined) throw new RangeError(`model-mini: expected ${name} in the package, found that it was built without.`);
  return Uint8Array.from(atob(base64), (character) => character.charCodeAt(0));
});
