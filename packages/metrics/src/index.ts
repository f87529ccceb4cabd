export type { Accumulator, AccumulatorState } from './accumulator.js';
export { centsBetween, hertzOfPitch, type Samples } from './audio.js';
export { MetricsError, NotComparableError, ShapeError, TooFewExamplesError, ValueError } from './errors.js';
export { judgeNote, type NoteJudgement, type NoteQuality, noteQuality, type PitchedNote } from './note-quality.js';
export { type PhaseCoherence, phaseCoherence, type PhaseCoherenceOptions } from './phase-coherence.js';
export { type PitchTrackerOptions, type TrackedPitch, trackPitch } from './pitch-tracker.js';
