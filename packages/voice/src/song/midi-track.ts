import type { MidiCursor } from './midi-cursor.js';

/** What of a track concerns its notes; times are ticks from the track's beginning. */
export type TrackEvent =
  | {
      readonly type: 'noteOn';
      readonly tick: number;
      readonly channel: number;
      readonly pitch: number;
      readonly velocity: number;
    }
  | { readonly type: 'noteOff'; readonly tick: number; readonly channel: number; readonly pitch: number }
  | { readonly type: 'program'; readonly tick: number; readonly channel: number; readonly program: number }
  | { readonly type: 'tempo'; readonly tick: number; readonly microsecondsPerBeat: number };

export interface Track {
  readonly events: readonly TrackEvent[];
  /** Tick of its end. */
  readonly end: number;
}

/** Bytes after the status of messages that are no channel's, by status; those of the system exclusive kind say their own length. */
const systemArguments: Readonly<Record<number, number>> = { 0xf1: 1, 0xf2: 2, 0xf3: 1 };

/** Whether a chunk begins there: four printable letters and a length. */
export function isChunk({ bytes, length }: MidiCursor, at: number): boolean {
  return at + 8 <= length && bytes.subarray(at, at + 4).every((byte) => byte >= 0x20 && byte < 0x7f);
}

/**
 * Reads the events of a track and leaves the cursor behind them.
 *
 * The end-of-track event decides where a track ends, not the length its header gives, which is wrong in files of some programs and 0 in
 * those of some recorders. Without such an event the length is believed, if a chunk or the end of the file follows.
 *
 * @param cursor at the first event
 * @param announced position behind the track, by its header
 * @throws ScoreError if it is cut short, or no sequence of events
 */
export function readTrack(cursor: MidiCursor, announced: number): Track {
  const events: TrackEvent[] = [];
  let tick = 0;
  let status = 0;
  for (;;) {
    if (cursor.at === announced && (announced === cursor.length || isChunk(cursor, announced))) return { events, end: tick };
    tick += cursor.variable();
    const first = cursor.byte();
    if (first === 0xff) {
      if (readMeta(cursor, tick, events)) return { events, end: tick };
    } else if (first >= 0xf0) {
      cursor.skip(first === 0xf0 || first === 0xf7 ? cursor.variable() : (systemArguments[first] ?? 0));
    } else {
      // A data byte: the status before it holds on, also across the events above.
      if (first < 0x80) cursor.at--;
      else status = first;
      readMessage(cursor, tick, status, events);
    }
  }
}

/** @returns whether it was the end of the track. Lengths other than the usual are no fault: what is needed is taken, the rest passed over. */
function readMeta(cursor: MidiCursor, tick: number, events: TrackEvent[]): boolean {
  const type = cursor.byte();
  const length = cursor.variable();
  const from = cursor.at;
  cursor.skip(length);
  if (type === 0x51 && length >= 3) {
    cursor.at = from;
    const microsecondsPerBeat = cursor.number(3);
    cursor.at = from + length;
    // A beat that takes no time is no tempo.
    if (microsecondsPerBeat > 0) events.push({ type: 'tempo', tick, microsecondsPerBeat });
  }
  return type === 0x2f;
}

function readMessage(cursor: MidiCursor, tick: number, status: number, events: TrackEvent[]): void {
  const channel = status & 0x0f;
  switch (status >> 4) {
    case 0x8:
    case 0x9: {
      const pitch = cursor.argument('note');
      const velocity = cursor.argument('velocity');
      // Note-on of velocity 0 is how running status writes a note-off.
      if (status >> 4 === 0x9 && velocity > 0) events.push({ type: 'noteOn', tick, channel, pitch, velocity });
      else events.push({ type: 'noteOff', tick, channel, pitch });
      return;
    }
    case 0xc:
      events.push({ type: 'program', tick, channel, program: cursor.argument('program') });
      return;
    case 0xd:
      return cursor.skip(1);
    case 0xa:
    case 0xb:
    case 0xe:
      return cursor.skip(2);
    default:
      cursor.damaged('an event without a status');
  }
}
