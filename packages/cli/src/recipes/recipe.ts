/** One number for all stages, or one for each. */
export type PerStage = number | number[];

export interface FilterRecipe {
  pitches: [lowest: number, highest: number];
  sources?: ('acoustic' | 'electronic' | 'synthetic')[] | undefined;
  families?: string[] | undefined;
  instruments?: string[] | undefined;
  velocities?: number[] | undefined;
}

export type SplitRecipe =
  | { kind: 'random' | 'instrument'; train: number; seed: number }
  | { kind: 'file'; path: string; train: string; evaluation: string }
  | { kind: 'none' };

export interface DataRecipe {
  path?: string | undefined;
  /** Hz */
  sampleRate: number;
  samples: number;
  filter: FilterRecipe;
  split: SplitRecipe;
  onBadNote: 'stop' | 'skip';
}

export interface SpectralRecipe {
  kind: 'if-mel' | 'if' | 'phase';
  frames: number;
  bins: number;
  overlap: number;
  trim: 'dc' | 'nyquist';
}

export interface HarmonicRecipe {
  kind: 'if-mel-harmonic';
  frames: number;
  bins: number;
  fullFrames: number;
  fullBins: number;
  floor: number;
}

export type RepresentationRecipe = SpectralRecipe | HarmonicRecipe | { kind: 'waveform' };

export type NormaliserRecipe =
  | { kind: 'gansynth' }
  | { kind: 'measured'; examples: number; margin: number; per: 'channel' | 'frequency' }
  | { kind: 'none' };

export interface ProgressiveGanRecipe {
  family: 'progressive-gan';
  latentSize: number;
  start: [height: number, width: number];
  blocks: number;
  scaleBase: number;
  scaleMode: 'both' | 'height';
  filters: { base: number; decay: number; max: number } | number[];
  kernelSize: [height: number, width: number];
  architecture: 'equalised' | 'simple';
  toRgbActivation: 'tanh' | 'linear';
  stddevGradient: 'stopped' | 'exact';
  paper: boolean;
  harmonics?: { generator: string[]; critic: string[]; numbered?: number | undefined } | undefined;
  instruments?: string[] | undefined;
}

export interface WaveGanRecipe {
  family: 'wavegan';
  latentSize: number;
  dim: number;
  kernelLength: number;
  samples: 16_384 | 32_768 | 65_536;
  phaseShuffle: number;
  upsample: 'transposed' | 'nearest';
}

export interface TrainingRecipe {
  progressive: boolean;
  stableImages: number;
  transitionImages: number;
  totalImages: number;
  hours?: number | undefined;
  batchSize: PerStage;
  microBatch?: number | undefined;
  learningRate: number;
  criticLearningRate?: number | undefined;
  beta1: number;
  beta2: number;
  criticSteps: number;
  generatorClassifierWeight: number;
  criticClassifierWeight: number;
  penaltyEvery: number;
  gradientPenalty: number;
  penaltyUnits: 'image' | 'normalised';
  drift: number;
  l1?: number | undefined;
  ema: number;
  resetOptimiser: boolean;
}

export interface SavingRecipe {
  everySeconds: number;
  keep: number;
  logEveryImages?: number | undefined;
  samples: number;
}

/**
 * An experiment with every default filled in. What each field means, with its unit, is in the schema: `gansynth recipes fields`.
 */
export interface Recipe {
  $schema?: string | undefined;
  name: string;
  description?: string | undefined;
  seed: number;
  data: DataRecipe;
  representation: RepresentationRecipe;
  normaliser: NormaliserRecipe;
  model: ProgressiveGanRecipe | WaveGanRecipe;
  training: TrainingRecipe;
  saving: SavingRecipe;
}
