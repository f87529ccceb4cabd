export {
  createDirectory,
  flushDirectory,
  isAlive,
  isTemporaryName,
  removeDirectory,
  removeLeftovers,
  temporaryName,
} from './node/atomic-directory.js';
export { namingFile, replaceFile, writeDurably } from './node/durable-file.js';
