import type { Latent, NoteModel } from '@gansynth/model-files';
import { latentWithInstrument } from '@gansynth/models-gan/latents';
import { ArgumentError } from './errors.js';
import { instrumentNamed } from './instrument-names.js';

/**
 * What a note sounds like: an instrument of the model by its name or part of it (`'flute'`; `'flute:7'` is another flute), a seed, or the
 * numbers of a latent.
 */
export type Timbre = string | number | ArrayLike<number>;

/**
 * How far the vote for an instrument that was named leads the others. Of the shipped model's notes fewer are taken for another instrument's so,
 * and a larger lead changes nothing.
 */
const lead = 0.5;

type Space = Pick<NoteModel, 'latentSize' | 'instruments' | 'draw'>;

/**
 * The latent of a timbre.
 *
 * @param instrument that a seed or a latent is to play
 * @throws ArgumentError for an instrument that the model does not know, a seed that is none, or a latent of another length
 */
export function latentOf(timbre: Timbre, model: Space, instrument?: string): Latent {
  if (typeof timbre === 'string') {
    if (instrument !== undefined)
      throw new ArgumentError(`expected one instrument, found ${timbre} and ${instrument}.`, instrument);
    const [, name = timbre, seed = '0'] = /^(.*?)(?::(\d+))?$/.exec(timbre) ?? [];
    return played(name, firstOf(Number(seed), model), model);
  }
  const latent = typeof timbre === 'number' ? firstOf(timbre, model) : checked(timbre, model.latentSize);
  return instrument === undefined ? latent : played(instrument, latent, model);
}

function firstOf(seed: number, model: Space): Latent {
  if (!Number.isSafeInteger(seed) || seed < 0)
    throw new ArgumentError(`expected a seed: a whole number from 0, found ${seed}.`, seed);
  const [latent] = model.draw(1, { seed });
  return latent ?? new Float32Array(model.latentSize);
}

function played(name: string, latent: Latent, model: Space): Latent {
  return latentWithInstrument(latent, model, instrumentNamed(name, model.instruments), lead);
}

function checked(latent: ArrayLike<number>, size: number): Latent {
  const own = Float32Array.from(latent);
  if (own.length === size && own.every(Number.isFinite)) return own;
  const found = own.length === size ? 'some that are not' : `${own.length}: another model's`;
  throw new ArgumentError(`expected a latent of ${size} finite numbers, found ${found}.`, latent);
}
