import { parseMidi, type MidiEvent } from 'midi-file';
import { InputError } from '../app/errors.js';

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

interface Tempo {
  readonly tick: number;
  readonly seconds: number;
  readonly secondsPerTick: number;
}

function tempoMap(track: readonly MidiEvent[], ticksPerBeat: number): Tempo[] {
  const map: Tempo[] = [{ tick: 0, seconds: 0, secondsPerTick: 0.5 / ticksPerBeat }];
  let tick = 0;
  for (const event of track) {
    tick += event.deltaTime;
    if (event.type !== 'setTempo') continue;
    const last = map.at(-1) as Tempo;
    const secondsPerTick = event.microsecondsPerBeat / 1e6 / ticksPerBeat;
    if (tick === last.tick) map.pop();
    map.push({ tick, seconds: last.seconds + (tick - last.tick) * last.secondsPerTick, secondsPerTick });
  }
  return map;
}

function toSeconds(map: readonly Tempo[], tick: number): number {
  let i = map.length - 1;
  while (i > 0 && (map[i] as Tempo).tick > tick) i--;
  const { tick: from, seconds, secondsPerTick } = map[i] as Tempo;
  return seconds + (tick - from) * secondsPerTick;
}

/**
 * Notes of a MIDI file in the order in which the original lists them, which decides where "the last note" is: grouped by program, channel
 * and track in the order in which each group finishes its first note; inside a group by note-off.
 *
 * One note-off ends all open note-ons of its pitch and channel in the track except those of the same tick; notes never ended are dropped;
 * the sustain pedal is ignored; drum-channel notes are kept; the tempo is read from the first track.
 *
 * @param bytes a Standard MIDI File
 * @param file its name, for messages
 * @throws InputError if it is not one
 * @see magenta's generate_util.load_midi, note_seq.midi_io, pretty_midi
 */
export function readScore(bytes: Uint8Array, file = 'MIDI file'): ScoreNote[] {
  const midi = parse(bytes, file);
  const { ticksPerBeat } = midi.header;
  if (ticksPerBeat === undefined || ticksPerBeat <= 0) {
    throw new InputError(
      `${file}: expected time in ticks per beat, found SMPTE frames. Export it again with a musical time base.`,
      midi.header,
    );
  }
  const map = tempoMap(midi.tracks[0] ?? [], ticksPerBeat);
  const groups = new Map<string, ScoreNote[]>();
  for (const [trackIndex, track] of midi.tracks.entries()) {
    const open = new Map<number, { readonly tick: number; readonly velocity: number }[]>();
    const programs = new Map<number, number>();
    let tick = 0;
    for (const event of track) {
      tick += event.deltaTime;
      if (event.type === 'programChange') programs.set(event.channel, event.programNumber);
      if (event.type !== 'noteOn' && event.type !== 'noteOff') continue;
      const key = event.channel * 128 + event.noteNumber;
      const sounding = open.get(key) ?? [];
      if (event.type === 'noteOn' && event.velocity > 0) {
        open.set(key, [...sounding, { tick, velocity: event.velocity }]);
        continue;
      }
      const ended = sounding.filter((note) => note.tick !== tick);
      open.set(key, ended.length === 0 ? sounding : sounding.filter((note) => note.tick === tick));
      const group = `${programs.get(event.channel) ?? 0} ${event.channel} ${trackIndex}`;
      for (const note of ended) {
        const notes = groups.get(group) ?? [];
        groups.set(group, notes);
        notes.push({
          start: toSeconds(map, note.tick),
          end: toSeconds(map, tick),
          pitch: event.noteNumber,
          velocity: note.velocity,
        });
      }
    }
  }
  return [...groups.values()].flat();
}

function parse(bytes: Uint8Array, file: string): ReturnType<typeof parseMidi> {
  const cure = 'Expected a Standard MIDI File (.mid).';
  if (bytes.length < 14 || String.fromCharCode(...bytes.subarray(0, 4)) !== 'MThd') {
    throw new InputError(`${file}: found ${bytes.length} bytes that do not begin with "MThd". ${cure}`, file);
  }
  const [announced, whole] = countTracks(bytes);
  if (whole < announced) {
    throw new InputError(`${file}: damaged: ${announced} tracks announced, ${whole} whole ones there. ${cure}`, bytes.length);
  }
  try {
    const midi = parseMidi(bytes);
    const timed = midi.tracks.every((track) => track.every(({ deltaTime }) => Number.isFinite(deltaTime) && deltaTime >= 0));
    if (!timed) throw new Error('a time is not a number: the file is cut short');
    return midi;
  } catch (error) {
    throw new InputError(`${file}: damaged: ${(error as Error).message ?? String(error)}. ${cure}`, file, { cause: error });
  }
}

/** Tracks that the header announces, and those that lie in the file from their first byte to their last: the parser takes half for whole. */
function countTracks(bytes: Uint8Array): [announced: number, whole: number] {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  let whole = 0;
  for (let at = 0; at + 8 <= bytes.length;) {
    const end = at + 8 + view.getUint32(at + 4);
    if (end <= bytes.length && String.fromCharCode(...bytes.subarray(at, at + 4)) === 'MTrk') whole++;
    at = end;
  }
  return [view.getUint16(10), whole];
}
