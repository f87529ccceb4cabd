import { mutants } from '@gansynth/test-kit';
import { expect, it } from 'vitest';
import { ScoreError } from '../errors.js';
import { endOfTrack, header, tempo, track, triad } from '../test-support/midi-bytes.js';
import { readScore } from './read-score.js';

it('a damaged MIDI file is an error that says so, or a score that can be played', () => {
  const song = Uint8Array.from(
    [header({ tracks: 2 }), track([...tempo(400_000), ...endOfTrack]), track([...triad, ...endOfTrack])].flat(),
  );
  let [read, refused] = [0, 0];
  for (const mutant of mutants(song, 3000, 1)) {
    try {
      const { notes } = readScore(mutant, 'm.mid');
      for (const { pitch, start, end, velocity } of notes) {
        expect(pitch >= 0 && pitch <= 127 && velocity >= 0 && velocity <= 127).toBe(true);
        expect(start >= 0 && end >= start && Number.isFinite(end)).toBe(true);
      }
      read++;
    } catch (error) {
      if (!ScoreError.isInstance(error)) throw error;
      refused++;
    }
  }
  expect(read).toBeGreaterThan(300);
  expect(refused).toBeGreaterThan(300);
});
