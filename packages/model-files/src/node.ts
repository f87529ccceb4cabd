export { folderCache, userCacheFolder } from './node/folder-cache.js';
export { folderFiles } from './node/folder-files.js';
export { folderSink, type FolderSinkOptions } from './node/folder-sink.js';
export { layersModelFolder } from './node/layers-folder.js';
