import type { MidiFile } from './midi-file.js';
import type { Track } from './midi-track.js';

/** Seconds from the beginning at a tick. */
export type Clock = (tick: number) => number;

interface Tempo {
  readonly tick: number;
  readonly seconds: number;
  readonly secondsPerTick: number;
}

/** The time that the tempi of some tracks make, whichever of them they are on; 120 beats a minute until the first. */
export function clockOf(time: MidiFile['time'], tracks: readonly Track[]): Clock {
  if ('ticksPerSecond' in time) return (tick) => tick / time.ticksPerSecond;
  const changes = tracks.flatMap(({ events }) => events.flatMap((event) => (event.type === 'tempo' ? [event] : [])));
  // Stable: of two at the same tick the one on the later track counts, as where a player reads all tracks at once.
  changes.sort((a, b) => a.tick - b.tick);
  let last: Tempo = { tick: 0, seconds: 0, secondsPerTick: 0.5 / time.ticksPerBeat };
  const map = [last];
  for (const { tick, microsecondsPerBeat } of changes) {
    const seconds = last.seconds + (tick - last.tick) * last.secondsPerTick;
    last = { tick, seconds, secondsPerTick: microsecondsPerBeat / 1e6 / time.ticksPerBeat };
    map.push(last);
  }
  return (tick) => {
    // The last tempo that began no later.
    let [low, high] = [0, map.length - 1];
    while (low < high) {
      const middle = (low + high + 1) >> 1;
      if (map[middle]!.tick <= tick) low = middle;
      else high = middle - 1;
    }
    const { tick: from, seconds, secondsPerTick } = map[low]!;
    return seconds + (tick - from) * secondsPerTick;
  };
}

/** Numbers, from 1, of the tracks after the first that change the tempo. */
export const laterTracksWithTempo = (tracks: readonly Track[]): number[] =>
  tracks.flatMap(({ events }, i) => (i > 0 && events.some(({ type }) => type === 'tempo') ? [i + 1] : []));
