import { UsageError } from '../app/errors.js';
import { slerp } from './slerp.js';
import type { ScoreNote } from './read.js';

/** Latents at points in time; between two of them the sound moves on the great circle. */
export interface InstrumentPath {
  readonly latents: readonly ArrayLike<number>[];
  /** Seconds, ascending, as many as latents. */
  readonly times: readonly number[];
}

/** Evenly spaced times from just before 0 to the end, as the original places its random instruments. */
export function evenTimes(count: number, totalSeconds: number): number[] {
  const first = -0.0001;
  return Array.from({ length: count }, (_, i) => first + ((totalSeconds - first) * i) / (count - 1));
}

/**
 * How many instruments a piece gets: one every `secondsPerInstrument`, at least two (the original fails below that).
 *
 * @param notes in the order of `readScore`: the end of the last listed one counts as the piece's end, as in the original
 */
export function instrumentCount(notes: readonly ScoreNote[], secondsPerInstrument: number): number {
  return Math.max(2, Math.trunc((notes.at(-1)?.end ?? 0) / secondsPerInstrument));
}

/** Times chosen as fractions of the piece: the first is moved just before 0, the last to the end. */
export function fractionTimes(fractions: readonly number[], totalSeconds: number): number[] {
  const ascending = fractions.every((value, i) => i === 0 || value > (fractions[i - 1] as number));
  if (fractions.length < 2 || !ascending) {
    throw new UsageError(`midi: expected at least two ascending times, found ${fractions.join(', ')}.`, fractions);
  }
  return fractions.map((value, i) => (i === 0 ? -0.001 : i === fractions.length - 1 ? 1 : value) * totalSeconds);
}

export interface Position {
  /** Index of the instrument before the note. */
  readonly index: number;
  /** How far towards the next one; above 1 after the last time, as in the original. */
  readonly fraction: number;
}

/** Where on the path a moment lies. */
export function positionAt(times: readonly number[], seconds: number): Position {
  let index = times.findIndex((time) => time >= seconds);
  index = (index < 0 ? times.length : index) - 1;
  index = Math.max(0, Math.min(index, times.length - 2));
  const [from, to] = [times[index] as number, times[index + 1] as number];
  return { index, fraction: (seconds - from) / (to - from) };
}

/** The latent of each note: spherical interpolation at its start. */
export function noteLatents(notes: readonly Pick<ScoreNote, 'start'>[], { latents, times }: InstrumentPath): Float64Array[] {
  if (latents.length !== times.length || latents.length < 2) {
    throw new UsageError(
      `midi: expected at least two instruments and as many times, found ${latents.length} and ${times.length}.`,
      times,
    );
  }
  return notes.map(({ start }) => {
    const { index, fraction } = positionAt(times, start);
    return slerp(latents[index] as ArrayLike<number>, latents[index + 1] as ArrayLike<number>, fraction);
  });
}
