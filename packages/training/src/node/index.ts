export { CheckpointRefusedError, NoWholeCheckpointError, type Refusal } from './checkpoint-errors.js';
export {
  openCheckpointStore,
  type CheckpointInfo,
  type CheckpointStore,
  type CheckpointStoreOptions,
  type LoadedCheckpoint,
  type SavedState,
} from './checkpoint-store.js';
export type { Json } from '../json.js';
export { keepJsonLines, openJsonLines, readJsonLines, type JsonLines } from './json-lines.js';
export { jsonLinesWriter } from './json-lines-writer.js';
export { tensorboardWriter, type TensorboardWriterOptions } from './tensorboard-writer.js';
