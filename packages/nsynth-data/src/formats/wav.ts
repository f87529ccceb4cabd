export { wavChannel } from './wav/channel.js';
export { encodeWav } from '@gansynth/common/wav';
export { isWav, wavLayout, type WavLayout } from './wav/layout.js';
