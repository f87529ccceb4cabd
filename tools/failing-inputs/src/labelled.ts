import type { WritableNote } from '@gansynth/nsynth-data';

/** A note with the labels NSynth's tools need. */
export const labelled = (pitch: number, audio: Float32Array): WritableNote => ({
  audio,
  metadata: {
    note_str: `guitar_acoustic_001-${String(pitch).padStart(3, '0')}-100`,
    pitch,
    velocity: 100,
    sample_rate: 16_000,
    instrument_family_str: 'guitar',
    instrument_source_str: 'acoustic',
  },
});
