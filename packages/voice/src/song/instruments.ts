import type { NoteModel } from '@gansynth/model-files';
import { latentAt, type LatentPath } from '@gansynth/models-gan/latents';
import { ArgumentError } from '../errors.js';
import { latentBetween } from '../latent-between.js';
import type { ScoreNote } from './read-score.js';

/**
 * How many instruments a piece gets: one every `secondsPerInstrument`, at least two (the original fails below that).
 *
 * @param notes in the order of `readScore`: the end of the last listed one counts as the piece's end, as in the original
 */
export function instrumentCount(notes: readonly ScoreNote[], secondsPerInstrument: number): number {
  return Math.max(2, Math.trunc((notes.at(-1)?.end ?? 0) / secondsPerInstrument));
}

/** Times chosen as fractions of the piece, as the original's notebook takes them: the first moved just before 0, the last to the end. */
export function fractionTimes(fractions: readonly number[], totalSeconds: number): number[] {
  const ascending = fractions.every((value, i) => value >= 0 && value <= 1 && (i === 0 || value > fractions[i - 1]!));
  if (fractions.length < 2 || !ascending) {
    throw new ArgumentError(
      `expected at least two ascending times, as fractions of the song from 0 to 1, found ${fractions.join(', ')}.`,
      fractions,
    );
  }
  return fractions.map((value, i) => (i === 0 ? -0.001 : i === fractions.length - 1 ? 1 : value) * totalSeconds);
}

/**
 * The latent of each note: where the path is when it starts. Notes after the last time go beyond the last instrument, as in the original.
 *
 * @param model whose latents they are: where it tells instruments apart, the path passes through no others
 */
export function noteLatents(
  notes: readonly Pick<ScoreNote, 'start'>[],
  path: LatentPath,
  model: Pick<NoteModel, 'instruments' | 'latentSize'>,
): Float32Array[] {
  return notes.map(({ start }) => latentAt(path, start, (a, b, t) => latentBetween(a, b, t, model)));
}
