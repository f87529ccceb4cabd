// What Node gets for `@gansynth/voice`: the same names as a page, with folders, npm packages and a backend of its own.
import { openVoiceOn, type OpenOptions, type VoiceSource } from './open-voice.js';
import { nodeFiles } from './node/node-files.js';
import { startBackend } from './node/start-backend.js';
import type { Voice } from './voice.js';

export * from './exports.js';

export const openVoice: (source: VoiceSource, options?: OpenOptions) => Promise<Voice> = openVoiceOn({
  files: nodeFiles,
  startBackend,
});
