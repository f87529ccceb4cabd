import { existsSync, readdirSync, statSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { ModelFileError } from '@gansynth/model-files';
import { folderFiles, folderSink } from '@gansynth/model-files/node';
import {
  loadNsynthCheckpoint,
  parameterCount,
  presets,
  saveModel,
  waveNetConfig,
  type WaveNetConfig,
} from '@gansynth/models-wavenet';
import { representation } from '@gansynth/spectral';
import type { Result } from '../app/command.js';
import { InputError } from '../app/errors.js';
import { nsynthAutoencoder } from '../families/nsynth-autoencoder/index.js';
import { networkOf } from '../families/nsynth-autoencoder/network.js';
import { loadRecipe } from '../recipes/library.js';
import type { ImportPlan } from './import-plan.js';

/** A checkpoint's three files: `.index`, `.meta`, and one or more of data. */
const ending = /\.(index|meta|data-\d{5}-of-\d{5})$/;

/** A TensorFlow checkpoint: its folder, and its files' name up to their endings. */
export interface CheckpointPlace {
  readonly folder: string;
  readonly prefix: string;
}

/**
 * Finds a TensorFlow checkpoint: by any one of its files, by what their names begin with, or as the only one in a folder.
 *
 * @returns undefined if there is none
 * @throws InputError if there are several
 */
export function findCheckpoint(at: string): CheckpointPlace | undefined {
  if (existsSync(at) && statSync(at).isDirectory()) {
    const prefixes = readdirSync(at).flatMap((name) => (name.endsWith('.index') ? [name.replace(ending, '')] : []));
    const [prefix] = prefixes;
    if (prefixes.length > 1) {
      const all = prefixes.sort().map((name) => join(at, name));
      throw new InputError(`${at}: expected one checkpoint, found ${prefixes.length}. Name one: ${all.join(', ')}.`, prefixes);
    }
    return prefix === undefined ? undefined : { folder: at, prefix };
  }
  const isPart = existsSync(at) && ending.test(at);
  if (!isPart && !existsSync(`${at}.index`)) return undefined;
  return { folder: dirname(at), prefix: basename(at).replace(ending, '') };
}

/** What a checkpoint does not say of itself. */
interface Sizes {
  readonly network: WaveNetConfig;
  /** Hz */
  readonly sampleRate: number;
  /** Of a note. */
  readonly samples: number;
}

/** Of the released one. */
const nsynth: Sizes = { network: presets.nsynth, sampleRate: 16_000, samples: 64_000 };

/** Sizes that a recipe gives. @throws InputError for one of another family */
function sizesOfRecipe(name: string): Sizes {
  const recipe = loadRecipe(name);
  const { sampleRate, samples } = recipe.data;
  if (nsynthAutoencoder.owns(recipe)) return { network: waveNetConfig(networkOf(recipe)), sampleRate, samples };
  throw new InputError(
    `--recipe ${name}: expected one of family ${nsynthAutoencoder.name}, found ${recipe.model.family}.`,
    recipe.model.family,
  );
}

/** Makes a model of a checkpoint of the NSynth autoencoder: raw weights unless others are asked for. */
export async function importNsynth({ folder, prefix }: CheckpointPlace, plan: ImportPlan): Promise<Result> {
  const { to, weights = 'raw', part, recipe, licence, signal } = plan;
  const { network, sampleRate, samples } = recipe === undefined ? nsynth : sizesOfRecipe(recipe);
  const which = { path: prefix, weights, network, signal, ...(part === undefined ? {} : { part }) };
  const { model, steps } = await loadNsynthCheckpoint(folderFiles(folder), which).catch((error: unknown) => {
    if (!ModelFileError.isInstance(error)) throw error;
    const cure =
      recipe === undefined ? ' If it is an autoencoder of other sizes than the released one, say them: --recipe <recipe>.' : '';
    throw new InputError(
      `${join(folder, prefix)}: expected a checkpoint of the NSynth autoencoder: ${error.message}${cure}`,
      prefix,
      {
        cause: error,
      },
    );
  });
  const codec = representation({ kind: 'waveform', frames: samples, samples, sampleRate });
  try {
    await saveModel(model, folderSink(to), {
      name: `nsynth/${prefix}`,
      description: `Imported from a checkpoint of the NSynth autoencoder (Engel et al. 2017)${part === undefined ? '' : `: its ${part} alone`}.`,
      representation: codec.toJSON(),
      sampleRate,
      ...(licence === undefined ? {} : { licence }),
      details: { steps, weights },
    });
  } finally {
    model.dispose();
  }
  const parameters = parameterCount(network, part);
  const what = part === undefined ? 'autoencoder' : part;
  return {
    data: { model: to, network, parameters, steps, weights, part: part ?? null },
    text: `${to}: NSynth ${what}, ${parameters.toLocaleString('en')} parameters (${weights}), ${steps.toLocaleString('en')} steps seen`,
  };
}
