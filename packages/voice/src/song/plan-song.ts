import type { Latent, NoteModel } from '@gansynth/model-files';
import { pathTimes } from '@gansynth/models-gan/latents';
import { ArgumentError, ScoreError } from '../errors.js';
import { latentOf, type Timbre } from '../timbre.js';
import { fractionTimes, instrumentCount } from './instruments.js';
import type { ScoreNote } from './read-score.js';

/** Which notes of a score are played, and through which timbres it passes. */
export interface PlanOptions {
  /** Timbres in the order in which the song passes them; one for a song that keeps its timbre. Default: random ones. */
  readonly timbres?: readonly Timbre[] | undefined;
  /** When each is reached, as ascending fractions of the song from 0 to 1. Default: evenly spaced. */
  readonly times?: readonly number[] | undefined;
  /** How many random timbres. Default: one every `secondsPerTimbre` and at least two, as the original. */
  readonly count?: number | undefined;
  /** Default 6. */
  readonly secondsPerTimbre?: number | undefined;
  /** Decides random timbres. Default 0. */
  readonly seed?: number | undefined;
  /** Semitones, before notes are left out. Default 0. */
  readonly transpose?: number | undefined;
  /** MIDI; notes below are left out. Default: the model's lowest, at least 36, as in the original. */
  readonly lowest?: number | undefined;
  /** MIDI; notes above are left out. Default: the model's highest. */
  readonly highest?: number | undefined;
}

export interface SongPlan {
  readonly notes: readonly ScoreNote[];
  /** Notes beyond `lowest` and `highest`, and those between that the model does not know. */
  readonly leftOut: number;
  readonly lowest: number;
  readonly highest: number;
  readonly latents: readonly Latent[];
  /** Seconds at which each latent is reached, ascending. */
  readonly times: readonly number[];
}

/** Each has a latent of its own in memory. */
const mostTimbres = 10_000;

/** The original leaves out what lies below, though its models go down to 24. */
const lowestOfOriginal = 36;

/**
 * Decides how a model plays a score.
 *
 * @param score in the order of `readScore`: the end of the last listed note counts as the piece's end, as in the original
 * @throws ScoreError if the model can play none of the notes; ArgumentError for timbres or times that cannot be
 */
export function planSong(
  model: Pick<NoteModel, 'pitches' | 'latentSize' | 'instruments' | 'draw'>,
  score: readonly ScoreNote[],
  { timbres, times, count, secondsPerTimbre = 6, seed = 0, transpose = 0, ...range }: PlanOptions = {},
): SongPlan {
  if (!Number.isInteger(transpose))
    throw new ArgumentError(`expected to transpose by whole semitones, found ${transpose}.`, transpose);
  if (!(secondsPerTimbre > 0))
    throw new ArgumentError(`expected secondsPerTimbre above 0, found ${secondsPerTimbre}.`, secondsPerTimbre);
  const [first = 0, last = 127] = [model.pitches[0], model.pitches.at(-1)];
  const { lowest = Math.max(lowestOfOriginal, first), highest = last } = range;
  const moved = score.map((note) => ({ ...note, pitch: note.pitch + transpose }));
  // A model that knows no pitches takes any.
  const knows = (pitch: number): boolean => model.pitches.length === 0 || model.pitches.includes(pitch);
  const notes = moved.filter(({ pitch }) => pitch >= lowest && pitch <= highest && knows(pitch));
  const end = notes.at(-1)?.end;
  if (end === undefined) {
    throw new ScoreError(
      `expected notes from ${lowest} to ${highest}, found none among ${score.length}. Try to transpose.`,
      score.length,
    );
  }
  const wanted = timbres?.length ?? times?.length ?? count ?? Math.min(mostTimbres, instrumentCount(notes, secondsPerTimbre));
  if (!Number.isInteger(wanted) || wanted < 1 || wanted > mostTimbres) {
    throw new ArgumentError(`expected 1 to ${mostTimbres} timbres, found ${wanted}.`, wanted);
  }
  if (times !== undefined && times.length !== wanted) {
    throw new ArgumentError(`expected as many times as timbres (${wanted}), found ${times.length}.`, times);
  }
  return {
    notes,
    leftOut: score.length - notes.length,
    lowest,
    highest,
    latents: timbres?.map((timbre) => latentOf(timbre, model)) ?? model.draw(wanted, { seed }),
    times: times === undefined ? pathTimes(wanted, end) : fractionTimes(times, end),
  };
}
