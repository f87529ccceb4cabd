import { ScoreError } from '../errors.js';
import { MidiCursor } from './midi-cursor.js';
import { isChunk, readTrack, type Track } from './midi-track.js';

/** A Standard MIDI File as it is written. */
export interface MidiFile {
  /** 0: one track; 1: tracks that sound together; 2: tracks that follow one another. */
  readonly format: 0 | 1 | 2;
  readonly time: { readonly ticksPerBeat: number } | { readonly ticksPerSecond: number };
  readonly tracks: readonly Track[];
}

/** More than the longest songs have by far: 32 MiB are some eight million notes. */
export const largestMidiFile: number = 32 * 2 ** 20;

/**
 * Reads a Standard MIDI File, also one inside a RIFF file (.rmi).
 *
 * Read as they are meant: tracks of wrong length, more tracks than announced, chunks of other kinds, messages of unusual length.
 *
 * @param file its name, for messages
 * @throws ScoreError if it is none, too large, cut short or damaged
 */
export function readMidiFile(bytes: Uint8Array, file: string): MidiFile {
  if (bytes.length > largestMidiFile) {
    throw new ScoreError(
      `${file}: expected at most ${largestMidiFile} bytes, found ${bytes.length}: no MIDI file is so large.`,
      bytes.length,
    );
  }
  const cursor = new MidiCursor(insideRiff(bytes), file);
  if (cursor.name() !== 'MThd') {
    throw new ScoreError(
      `${file}: expected a Standard MIDI File (.mid), found ${bytes.length} bytes that do not begin with "MThd".`,
      file,
    );
  }
  cursor.at = 4;
  const headerLength = cursor.number(4);
  if (headerLength < 6) cursor.damaged(`a header of ${headerLength} bytes, where 6 were expected`);
  const body = cursor.at;
  const format = cursor.number(2);
  const announced = cursor.number(2);
  const division = cursor.number(2);
  if (format !== 0 && format !== 1 && format !== 2) return cursor.damaged(`format ${format}, where 0, 1 or 2 was expected`, body);
  const time = timeOf(cursor, division);
  cursor.at = body;
  cursor.skip(headerLength);
  const tracks = readTracks(cursor);
  if (tracks.length < announced) cursor.damaged(`${announced} tracks announced, ${tracks.length} there: the file is cut short`);
  return { format, time, tracks };
}

/** The file inside a RIFF file of the kind RMID; the bytes themselves if they are none. */
function insideRiff(bytes: Uint8Array): Uint8Array {
  const outer = new MidiCursor(bytes, '');
  if (outer.name(0) !== 'RIFF' || outer.name(8) !== 'RMID') return bytes;
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  for (let at = 12; at + 8 <= bytes.length;) {
    const length = view.getUint32(at + 4, true);
    if (outer.name(at) === 'data') return bytes.subarray(at + 8, at + 8 + length);
    at += 8 + length + (length % 2);
  }
  return bytes;
}

/** Ticks of a beat, or of a second where time is counted in film frames (29 stands for the 29.97 of colour television). */
function timeOf(cursor: MidiCursor, division: number): MidiFile['time'] {
  if (division < 0x8000) {
    if (division === 0) cursor.damaged('a beat of 0 ticks', cursor.at - 2);
    return { ticksPerBeat: division };
  }
  const frames = 256 - (division >> 8);
  const ticks = division & 0xff;
  if (![24, 25, 29, 30].includes(frames) || ticks === 0) {
    cursor.damaged(
      `time in ${frames} frames of ${ticks} ticks, where 24, 25, 29 or 30 frames of at least 1 were expected`,
      cursor.at - 2,
    );
  }
  return { ticksPerSecond: (frames === 29 ? 30_000 / 1001 : frames) * ticks };
}

function readTracks(cursor: MidiCursor): Track[] {
  const tracks: Track[] = [];
  while (cursor.at + 8 <= cursor.length) {
    const isTrack = cursor.name() === 'MTrk';
    const begins = cursor.at + 8;
    cursor.at += 4;
    const announced = begins + cursor.number(4);
    if (isTrack) tracks.push(readTrack(cursor, announced));
    cursor.at = nextChunk(cursor, announced);
  }
  return tracks;
}

/** Where reading goes on: at a track right here, else where the last chunk should end, else at the next track there is. */
function nextChunk(cursor: MidiCursor, announced: number): number {
  if (cursor.name() === 'MTrk') return cursor.at;
  if (announced >= cursor.at && (announced === cursor.length || isChunk(cursor, announced))) return announced;
  for (let at = cursor.at; at + 8 <= cursor.length; at++) if (cursor.bytes[at] === 0x4d && cursor.name(at) === 'MTrk') return at;
  return cursor.length;
}
