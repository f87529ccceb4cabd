export type { Accumulator, AccumulatorState } from './accumulator.js';
export { centsBetween, hertzOfPitch, type Samples } from './audio.js';
export { MetricsError, NotComparableError, ShapeError, TooFewExamplesError, ValueError } from './errors.js';
export { judgeNote, type NoteJudgement, type NoteQuality, noteQuality, type PitchedNote } from './note-quality.js';
export { type PhaseCoherence, phaseCoherence, type PhaseCoherenceOptions } from './phase-coherence.js';
export { type PitchTrackerOptions, type TrackedPitch, trackPitch } from './pitch-tracker.js';
export { frechetDistance, type FrechetBatch, type FrechetDistance } from './frechet-distance.js';
export { inceptionScore, type InceptionScore, type InceptionScoreOptions } from './inception-score.js';
export {
  type Confusion,
  type LabelledLogits,
  pitchAccuracy,
  type PitchAccuracy,
  type PitchAccuracyOptions,
  type PitchClasses,
} from './pitch-accuracy.js';
export { pitchEntropy, type PitchEntropy } from './pitch-entropy.js';
export { type RowArray, type Rows, rowsOf } from './rows.js';
