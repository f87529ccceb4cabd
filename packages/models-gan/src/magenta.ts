export {
  loadMagentaCheckpoint,
  loadMagentaManifest,
  type ImportedGenerator,
  type MagentaCheckpoint,
  type MagentaCheckpointOptions,
  type MagentaManifestOptions,
} from './magenta/magenta-checkpoint.js';
export {
  magentaHighResolution,
  magentaNormaliser,
  parseMagentaExperiment,
  type ImageRepresentation,
  type MagentaExperiment,
} from './magenta/magenta-experiment.js';
export type { MagentaWeightKind } from './magenta/magenta-weights.js';
