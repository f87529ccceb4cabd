export { encodeWav, type WavFormat } from '@gansynth/common/wav';
export { ArgumentError, BackendError, ModelError, ScoreError } from './errors.js';
export { instrumentsNamed } from './instrument-names.js';
export type { OpenOptions, VoiceSource } from './open-voice.js';
export { labelsOf, pitchNumbers, type Pitch } from './pitches.js';
export { renderNotes, type RenderOptions } from './render-notes.js';
export { Stream } from './stream.js';
export { latentOf, type Timbre } from './timbre.js';
export { createVoice, type Note, type NoteOptions, type PhraseOptions, type PlayOptions, type Voice } from './voice.js';

// Songs
export { noteLatents } from './song/instruments.js';
export { planSong, type PlanOptions, type SongPlan } from './song/plan-song.js';
export { renderSong, songNotes, type Instrument, type SongNote, type SongOptions } from './song/render-song.js';
export * from './song.js';
