import type { Voice } from '@gansynth/voice';
import { existsSync } from 'node:fs';
import { InputError } from '../app/errors.js';
import { readJson } from '../recipes/library.js';
import { writeJson } from '../runs/write-json.js';

/** Latents in a file, to be used again: in `generate`, `interpolate`, `scale`, `midi`. */
export interface LatentFile {
  readonly format: 'gansynth-latents';
  readonly version: 1;
  readonly latentSize: number;
  /** What made them: a model and a seed, or a recording that was projected. */
  readonly source?: string;
  /** What each was asked to play, if the model tells instruments apart and some were named. */
  readonly instruments?: readonly string[];
  readonly latents: readonly (readonly number[])[];
}

export async function writeLatents(
  path: string,
  latents: readonly ArrayLike<number>[],
  source: string,
  instruments?: readonly string[],
): Promise<void> {
  const file: LatentFile = {
    format: 'gansynth-latents',
    version: 1,
    latentSize: latents[0]?.length ?? 0,
    source,
    ...(instruments === undefined ? {} : { instruments }),
    latents: latents.map((latent) => Array.from(latent)),
  };
  await writeJson(path, file);
}

/** @throws InputError unless the file holds finite latents of the wanted size */
export function readLatents(path: string, size: number): Float32Array[] {
  const file = readJson(path) as Partial<LatentFile>;
  const fail = (found: string): never => {
    throw new InputError(
      `${path}: expected latents of ${size} numbers (as gansynth generate writes them), found ${found}.`,
      file,
    );
  };
  if (file?.format !== 'gansynth-latents' || !Array.isArray(file.latents)) return fail('another kind of JSON');
  if (file.latents.length === 0) return fail('none');
  return file.latents.map((latent: unknown) => {
    if (!Array.isArray(latent) || latent.length !== size)
      return fail(`${Array.isArray(latent) ? latent.length : 'no'} numbers: another model's`);
    if (!latent.every((value) => typeof value === 'number' && Number.isFinite(value))) return fail('something that is no number');
    return Float32Array.from(latent as number[]);
  });
}

/**
 * A latent as a user names it: `7` is the first latent of seed 7, `notes/latents.json` the first in that file, `notes/latents.json:3` the
 * fourth; where the model tells instruments apart, `flute` is the first latent of seed 0 playing it, `flute:7` that of seed 7.
 */
export function latentNamed(
  name: string,
  { latentSize: size, instruments, latent }: Pick<Voice, 'latentSize' | 'instruments' | 'latent'>,
): Float32Array {
  if (/^\d+$/.test(name) && !existsSync(name)) return latent(Number(name));
  const [, path = name, position] = /^(.*?)(?::(\d+))?$/.exec(name) ?? [];
  if (!existsSync(path)) {
    const looksLikeFile = /[/\\]|\.json$/.test(path);
    if (instruments.length > 0 && !looksLikeFile) return latent(name);
    throw new InputError(`${name}: expected a seed, or a latent file with an optional :position, found no such file.`, name);
  }
  const latents = readLatents(path, size);
  const found = latents[Number(position ?? 0)];
  if (found) return found;
  throw new InputError(`${name}: expected a position from 0 to ${latents.length - 1}, found ${position}.`, name);
}
