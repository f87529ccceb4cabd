// Songs without tensors: scores from MIDI files, and mixes of notes that are there already.
export { envelope, type EnvelopeOptions } from './song/envelope.js';
export { largestMidiFile } from './song/midi-file.js';
export { createMixer, sampleOf, shapeNote, type Mixer, type MixOptions, type ShapeOptions } from './song/mixer.js';
export { readScore, type Score, type ScoreNote } from './song/read-score.js';
export { longestSong, songLength, spokenDuration } from './song/song-length.js';
