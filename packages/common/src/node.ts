export {
  createDirectory,
  flushDirectory,
  isAlive,
  isTemporaryName,
  removeDirectory,
  removeLeftovers,
  temporaryName,
} from './node/atomic-directory.js';
export { lostProcessStatus, processOfEnvironment } from './node/mpi-launcher.js';
export { namingFile, replaceFile, writeDurably } from './node/durable-file.js';
export {
  differencesOf,
  isBegun,
  openShare,
  rangeOfShare,
  ShareError,
  sharesFolder,
  type OpenShare,
  type Share,
  type Work,
} from './node/shares.js';
