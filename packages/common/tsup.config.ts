import { library } from '../../tsup.config.base.js';

const rooms = [
  'breathe',
  'check-options',
  'crc32c',
  'errors',
  'fft',
  'half',
  'json',
  'node',
  'note-name',
  'pitch',
  'random',
  'suggest',
  'wav',
  'workers',
];

export default library(Object.fromEntries(rooms.map((room) => [room, `src/${room}.ts`])));
