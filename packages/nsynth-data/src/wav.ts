export { wavChannel } from './wav/channel.js';
export { encodeWav } from './wav/encode.js';
export { isWav, wavLayout, type WavLayout } from './wav/layout.js';
