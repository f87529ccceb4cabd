import { readMidiFile } from './midi-file.js';
import { clockOf, laterTracksWithTempo, type Clock } from './tempo.js';
import type { Track } from './midi-track.js';

/** A note of a score. */
export interface ScoreNote {
  /** Seconds. */
  readonly start: number;
  /** Seconds. */
  readonly end: number;
  /** MIDI, 0 to 127. */
  readonly pitch: number;
  /** MIDI, 1 to 127. */
  readonly velocity: number;
}

export interface Score {
  readonly notes: readonly ScoreNote[];
  /** What a listener may wonder at: notes left out, tempi in unusual places. */
  readonly remarks: readonly string[];
}

interface OpenNote {
  readonly tick: number;
  readonly velocity: number;
}

/**
 * Notes of a MIDI file in the order in which the original lists them, which decides where "the last note" is: grouped by program, channel
 * and track in the order in which each group finishes its first note; inside a group by note-off.
 *
 * One note-off ends all open note-ons of its pitch and channel in the track except those of the same tick; notes never ended are left out;
 * the sustain pedal is ignored; drum-channel notes are kept. Tempi count on every track, where the original listens to the first one only.
 * Tracks of format 2 follow one another, each in its own tempo.
 *
 * The time it takes is proportional to the file's length (with a logarithm for its tempi).
 *
 * @param bytes a Standard MIDI File, also in a RIFF file (.rmi)
 * @param file its name, for messages
 * @throws ScoreError if it is none, or damaged
 * @see magenta's generate_util.load_midi, note_seq.midi_io, pretty_midi
 */
export function readScore(bytes: Uint8Array, file = 'MIDI file'): Score {
  const { format, time, tracks } = readMidiFile(bytes, file);
  const groups = new Map<string, ScoreNote[]>();
  const together = format === 2 ? undefined : clockOf(time, tracks);
  let before = 0;
  let unended = 0;
  for (const [index, track] of tracks.entries()) {
    const own = together ?? clockOf(time, [track]);
    const begins = before;
    unended += addNotes(track, index, (tick) => begins + own(tick), groups);
    if (together === undefined) before += own(track.end);
  }
  const remarks: string[] = [];
  const tempi = format === 2 ? [] : laterTracksWithTempo(tracks);
  if (tempi.length > 0) remarks.push(`${file}: tempo changes on track ${tempi.join(', ')}, not only on the first, are heard.`);
  if (unended > 0) remarks.push(`${file}: ${unended} notes that never end are left out.`);
  return { notes: [...groups.values()].flat(), remarks };
}

/** @returns how many notes never end */
function addNotes({ events }: Track, index: number, clock: Clock, groups: Map<string, ScoreNote[]>): number {
  // Open notes of each key, those of the newest tick apart: a note-off at that tick does not end them.
  const open = new Map<number, { older: OpenNote[]; newest: OpenNote[]; tick: number }>();
  const programs = new Map<number, number>();
  for (const event of events) {
    if (event.type === 'program') programs.set(event.channel, event.program);
    if (event.type !== 'noteOn' && event.type !== 'noteOff') continue;
    const { tick, channel, pitch } = event;
    const key = channel * 128 + pitch;
    let sounding = open.get(key);
    if (sounding === undefined) open.set(key, (sounding = { older: [], newest: [], tick }));
    if (tick > sounding.tick) {
      for (const note of sounding.newest) sounding.older.push(note);
      [sounding.newest, sounding.tick] = [[], tick];
    }
    if (event.type === 'noteOn') {
      sounding.newest.push({ tick, velocity: event.velocity });
      continue;
    }
    if (sounding.older.length === 0) continue;
    const group = `${programs.get(channel) ?? 0} ${channel} ${index}`;
    const notes = groups.get(group) ?? [];
    groups.set(group, notes);
    for (const { tick: began, velocity } of sounding.older)
      notes.push({ start: clock(began), end: clock(tick), pitch, velocity });
    sounding.older = [];
  }
  return [...open.values()].reduce((sum, { older, newest }) => sum + older.length + newest.length, 0);
}
