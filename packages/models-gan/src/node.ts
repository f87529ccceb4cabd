/** What of this package's world needs Node's file system; everything else runs in browsers as well. */
export { folderFiles, folderSink } from '@gansynth/model-files/node';
