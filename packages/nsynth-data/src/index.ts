export { type Batch, type BatchCursor, BatchLoader, type BatchOptions } from './batches.js';
export { cropOrPad } from './crop-or-pad.js';
export { Dataset } from './dataset.js';
export { createDecodePool, type DecodePool, type DecodePoolOptions } from './decode-pool.js';
export type { Decoded, Decoder } from './decoder.js';
export {
  downloadNSynth,
  type Downloaded,
  type DownloadOptions,
  type DownloadProgress,
  type NSynthPart,
  nsynthParts,
} from './download.js';
export { ArgumentError, BadFileError, BadNoteError, DownloadError, type Fault, NSynthDataError } from './errors.js';
export { type NoteFilter, paperSubset, type Range } from './filter.js';
export { type NSynthPart, nsynthParts } from './nsynth-parts.js';
export { importFolder, type ImportEntry, type ImportOptions, type ImportReport } from './import/import-folder.js';
export type { Note, NoteLabels, NSynthMetadata } from './note.js';
export { openDataset, type OpenOptions } from './open-dataset.js';
export { gansynthPitchDistribution, pitchDistribution, type PitchDistribution } from './pitch-distribution.js';
export type { OnBadNote, RejectionReport } from './rejections.js';
export type { IndexProgress } from './scan.js';
export { renderSoundFont, soundFontNotes, type SoundFontOptions, type SoundFontProgress } from './soundfont/render-sound-font.js';
export { paperSplit, type PublishedSplit, type RandomSplit, readSplitFile } from './split.js';
export { writeJsonWav, type WritableNote } from './write-json-wav.js';
export { writeTFRecord } from './write-tfrecord.js';
export { families, type Family, type Quality, qualities, type Source, sources } from './vocabulary.js';
