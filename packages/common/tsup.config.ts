import { library } from '../../tsup.config.base.js';

const rooms = ['crc32c', 'errors', 'fft', 'node', 'note-name', 'pitch', 'wav'];

export default library(Object.fromEntries(rooms.map((room) => [room, `src/${room}.ts`])));
