import { writeMidi, type MidiEvent } from 'midi-file';
import type { ScoreNote } from '@gansynth/voice';

/** The theme of Beethoven's ninth symphony, last movement (1824): MIDI pitches and lengths in quarters, within one octave. */
const theme: readonly (readonly [pitch: number, quarters: number])[] = [
  ...[64, 64, 65, 67, 67, 65, 64, 62, 60, 60, 62, 64].map((pitch) => [pitch, 1] as const),
  [64, 1.5],
  [62, 0.5],
  [62, 2],
  ...[64, 64, 65, 67, 67, 65, 64, 62, 60, 60, 62, 64].map((pitch) => [pitch, 1] as const),
  [62, 1.5],
  [60, 0.5],
  [60, 2],
];

const quarterSeconds = 0.5;

/** A short melody for trying a model: 32 quarters at 120 a minute, C4 to G4. */
export function demoMelody(): ScoreNote[] {
  let quarters = 0;
  return theme.map(([pitch, length]) => {
    const start = quarters * quarterSeconds;
    quarters += length;
    return { start, end: quarters * quarterSeconds - 0.02, pitch, velocity: 100 };
  });
}

const ticks = (seconds: number): number => Math.round((seconds / quarterSeconds) * 480);

/** Notes that follow one another as a Standard MIDI File, 480 ticks a quarter at 120 a minute. */
export function encodeMelody(notes: readonly ScoreNote[]): Uint8Array {
  let now = 0;
  const after = (seconds: number): number => {
    const delta = ticks(seconds) - now;
    now += delta;
    return delta;
  };
  const events = notes.flatMap(({ start, end, pitch, velocity }): MidiEvent[] => [
    { type: 'noteOn', channel: 0, noteNumber: pitch, velocity, deltaTime: after(start) },
    { type: 'noteOff', channel: 0, noteNumber: pitch, velocity: 0, deltaTime: after(end) },
  ]);
  const track: MidiEvent[] = [...events, { type: 'endOfTrack', meta: true, deltaTime: 0 }];
  return Uint8Array.from(writeMidi({ header: { format: 0, numTracks: 1, ticksPerBeat: 480 }, tracks: [track] }));
}
