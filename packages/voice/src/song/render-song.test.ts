import { memoryFiles } from '@gansynth/model-files';
import { describeOnBackends, expectClose } from '@gansynth/test-kit';
import { expect, it } from 'vitest';
import { openVoice } from '../node.js';
import { endOfTrack, header, track, triad } from '../test-support/midi-bytes.js';
import { tinyGan } from '../test-support/tiny-models.js';
import { createMixer } from './mixer.js';
import type { ScoreNote } from './read-score.js';
import type { SongNote } from './render-song.js';

const score: ScoreNote[] = [
  { start: 0.5, end: 0.51, pitch: 64, velocity: 127 },
  { start: 0, end: 1, pitch: 60, velocity: 60 },
];

describeOnBackends('a song', () => {
  it('is the mix of its notes, each with the timbre of its time, half of full scale', async () => {
    const voice = await openVoice(memoryFiles(await tinyGan()));
    const mix = await voice.song(score, { timbres: ['flute'] });
    const notes = await voice.notes([64, 60], { timbre: 'flute' });
    const mixer = createMixer(score, { sampleRate: 8000, longest: 100 / 8000 });
    for (const [i, note] of score.entries()) mixer.add(note, notes[i] ?? []);
    expectClose(mix, mixer.finish(), { absolute: 1e-6 });
    expect(Math.max(...mix)).toBeCloseTo(0.5, 6);
    voice.dispose();
  });

  it('comes note by note in the order of time, shaped and at its velocity', async () => {
    const voice = await openVoice(memoryFiles(await tinyGan()));
    const done: number[] = [];
    const notes: SongNote[] = [];
    for await (const note of voice.song(score, { seed: 1, onNote: (count) => done.push(count) })) notes.push(note);
    expect(notes.map(({ start, pitch }) => [start, pitch])).toEqual([
      [0, 60],
      [0.5, 64],
    ]);
    expect(notes.map(({ audio }) => Math.max(...audio))).toEqual([expect.closeTo(60 / 127, 6), expect.closeTo(1, 6)]);
    expect(done).toEqual([1, 2]);
    voice.dispose();
  });

  it('has the timbre of how hard each note is struck, where the model has learned it', async () => {
    const voice = await openVoice(memoryFiles(await tinyGan({}, { velocities: [40, 100] })));
    const mix = await voice.song(score, { timbres: ['flute'] });
    const notes = await voice.notes([64, 60], { timbre: 'flute', velocity: [127, 60] });
    const mixer = createMixer(score, { sampleRate: 8000, longest: 100 / 8000 });
    for (const [i, note] of score.entries()) mixer.add(note, notes[i] ?? []);
    expectClose(mix, mixer.finish(), { absolute: 1e-6 });
    voice.dispose();
  });

  it('is read from a MIDI file, transposed, and cut to what the model knows', async () => {
    const voice = await openVoice(memoryFiles(await tinyGan()));
    const file = Uint8Array.from([...header(), ...track([...triad, ...endOfTrack])]);
    const pitches = async (options: Parameters<typeof voice.song>[1]): Promise<number[]> => {
      const found: number[] = [];
      for await (const { pitch } of voice.song(file, options)) found.push(pitch);
      return found;
    };
    expect(await pitches({})).toEqual([60, 64]);
    expect(await pitches({ highest: 62 })).toEqual([60]);
    expect(await pitches({ transpose: -3 })).toEqual([64]);
    expect(await voice.song(file.buffer, { seed: 3 })).toEqual(await voice.song(file, { seed: 3 }));
    expect(() => voice.song(file, { transpose: 24 })).toThrow(
      /expected notes from 60 to 64, found none among 3. Try to transpose/,
    );
    expect(() => voice.song(file, { transpose: Number.NaN })).toThrow(/whole semitones, found NaN/);
    expect(() => voice.song(file, { timbres: [1, 2], times: [0, 0.5, 1] })).toThrow(/as many times as timbres \(2\), found 3/);
    expect(() => voice.song(file, { timbres: [] })).toThrow(/expected 1 to 10000 timbres, found 0/);
    // Too long to be played: its length is what is wrong, not the number of timbres that so long a song would have.
    await expect(voice.song([{ start: 0, end: 1e6, pitch: 60, velocity: 1 }])).rejects.toThrow(/would last 11 days 13 hours/);
    await expect(voice.song([{ start: 0, end: 9000, pitch: 60, velocity: 1 }])).rejects.toThrow(
      /2 hours, found one that would last 2 hours 30 min/,
    );
    voice.dispose();
  });
});
