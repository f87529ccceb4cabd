import { ScoreError } from '../errors.js';
import type { ScoreNote } from './read-score.js';

/** Seconds: the longest song that is mixed unless more is asked for. Two hours take about 1.5 GB at 16 kHz. */
export const longestSong: number = 2 * 60 * 60;

const units = [
  ['year', 365.25 * 24 * 3600],
  ['day', 24 * 3600],
  ['hour', 3600],
  ['minute', 60],
  ['second', 1],
] as const;

/** 140,400 -> "1 day 15 hours": the two largest units, cut off below. */
export function spokenDuration(seconds: number): string {
  const first = Math.max(
    0,
    units.findIndex(([, size]) => seconds >= size),
  );
  const words: string[] = [];
  let left = seconds;
  for (const [name, size] of seconds < 1 ? units.slice(-1) : units.slice(first, first + 2)) {
    const count = Math.floor(left / size);
    left -= count * size;
    if (count > 0 || words.length === 0) words.push(`${count} ${name}${count === 1 ? '' : 's'}`);
  }
  return words.join(' ');
}

/**
 * Seconds from the beginning of a song to the end of its last note.
 *
 * @param atMost seconds
 * @throws ScoreError if that is more than `atMost`, saying how long it would be
 */
export function songLength(notes: readonly Pick<ScoreNote, 'end'>[], atMost: number = longestSong): number {
  let seconds = 0;
  for (const { end } of notes) seconds = Math.max(seconds, end);
  if (seconds <= atMost) return seconds;
  if (!Number.isFinite(seconds)) throw new ScoreError(`expected notes that end at some second, found ${seconds}.`, seconds);
  throw new ScoreError(
    `expected a song of at most ${spokenDuration(atMost)}, found one that would last ${spokenDuration(seconds)}: ` +
      'is a time in the file wrong? A longer song can be allowed (atMost).',
    seconds,
  );
}
