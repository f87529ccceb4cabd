import type { io } from '@tensorflow/tfjs-core';
import { layersModelFiles, topologyFile } from '../layers/layers-files.js';
import { folderFiles } from './folder-files.js';
import { folderSink } from './folder-sink.js';

/**
 * A folder as a place for a tfjs LayersModel: `model.save(layersModelFolder(folder))`, `tf.loadLayersModel(layersModelFolder(folder))`.
 * It is replaced as {@link folderSink} replaces models.
 */
export function layersModelFolder(folder: string): io.IOHandler {
  return layersModelFiles(folderFiles(folder), folderSink(folder, { entry: topologyFile }));
}
