export { centsBetween, hertzOfPitch } from '@gansynth/common/note-name';
export type { Samples } from './note/audio.js';
export { judgeNote, type NoteJudgement, type NoteQuality, noteQuality, type PitchedNote } from './note/note-quality.js';
export { type PhaseCoherence, phaseCoherence, type PhaseCoherenceOptions } from './note/phase-coherence.js';
export { integratedLoudness, type LoudnessOptions } from './note/loudness.js';
export { type PitchTrackerOptions, type TrackedPitch, trackPitch } from './note/pitch-tracker.js';
