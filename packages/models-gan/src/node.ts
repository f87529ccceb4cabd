/** The parts that need Node: files on disk. Everything else of this package runs in browsers as well. */
export { folderFiles } from './import/node.js';
export { folderSink } from './model/node.js';
