export { MissingFileError, ModelFileError } from './errors.js';
export type { Latent, NoteDynamics, NoteModel } from './note-model.js';

// Where files come from and go to
export { browserCache, cachedFiles, type FileCache } from './files/file-cache.js';
export { insidePath, type ByteRange, type FileChecksum, type FileSink, type FileSource } from './files/file-source.js';
export { httpFiles, type HttpFilesOptions } from './files/http-files.js';
export { memoryFiles, memorySink, type MemorySink } from './files/memory-files.js';
export { checksumOf, verifiedFiles } from './files/verified-files.js';

// Models and their manifest
export { jsonBounds, parseJson } from './manifest/bounded-json.js';
export { FieldReader, isJsonObject, type JsonObject, type Range } from './manifest/fields.js';
export {
  manifestFile,
  type ModelFamily,
  type ModelInfo,
  type ModelManifest,
  type ProgressiveGanManifest,
  type WaveGanManifest,
  type WaveNetManifest,
} from './manifest/model-manifest.js';
export { parseManifest } from './manifest/parse-manifest.js';
export { readManifest, readModel, type ModelFiles } from './manifest/read-model.js';
export { writeModel, writeWeights, type ModelDescription, type Saveable, type WriteOptions } from './manifest/write-model.js';
export { artifactsToFiles, filesToArtifacts, layersModelFiles, type LayersModelFiles } from './layers/layers-files.js';
export type { PrecisionOf, WeightPrecision } from './tensors/weight-precision.js';

// Tensors in files
export { encodeNpy } from './tensors/encode-npy.js';
export { parseNpy } from './tensors/npy.js';
export { parseNpz } from './tensors/npz.js';
export { elements, type PlainData, type PlainTensor, type PlainWeights } from './tensors/plain-tensor.js';
export { encodeSafetensors, parseSafetensors, type Safetensors } from './tensors/safetensors.js';
export type { Quantization, WeightGroup, WeightSpec } from './tensors/weight-groups.js';
export { readWeightsManifest } from './tensors/weights-manifest.js';

// Checkpoints of TensorFlow 1
export { checkpointPrefix, openTensorBundle, type BundleEntry, type TensorBundle } from './tensorflow/tensor-bundle.js';
