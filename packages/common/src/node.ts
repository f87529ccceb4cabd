export {
  createDirectory,
  flushDirectory,
  isAlive,
  removeDirectory,
  removeLeftovers,
  temporaryName,
} from './node/atomic-directory.js';
export { replaceFile, writeDurably } from './node/durable-file.js';
