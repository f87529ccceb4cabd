import type { Latent, ModelInfo, NoteModel } from '@gansynth/model-files';
import { folderFiles } from '@gansynth/model-files/node';
import { chooseForms, compileGenerator, loadModel, noteModel, type GeneratorModel } from '@gansynth/models-gan';
import { representationFromJSON, withinFullScale, type Representation, type RepresentationJSON } from '@gansynth/spectral';
import * as tf from '@tensorflow/tfjs-core';
import { existsSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { breathe } from '../app/breathe.js';
import { InputError, UsageError } from '../app/errors.js';
import { pitchName } from '../app/values.js';
import { findRun, listRuns } from '../runs/run.js';

export interface RenderOptions {
  readonly signal?: AbortSignal;
  /** Notes computed at once. Default: 1 where a batch is no faster (`chooseForms`), so that an abort waits for one note only; else 4. */
  readonly batchSize?: number;
}

/** What makes notes of latents and pitches. */
export interface Sound {
  /** MIDI, ascending. */
  readonly pitches: readonly number[];
  /** Hz */
  readonly sampleRate: number;
  /** Latents of a seed, as this model was trained with them; the i-th is the same however many are drawn. */
  draw(count: number, seed: number): Latent[];
  /** Notes, one for each latent and pitch, in order. */
  render(
    latents: readonly ArrayLike<number>[],
    pitches: readonly number[],
    options?: RenderOptions,
  ): AsyncGenerator<Float32Array>;
}

/** A trained generator, ready to sound. */
export interface Voice extends Sound {
  /** Where it came from. */
  readonly source: string;
  readonly manifest: ModelInfo;
  /** The network itself, for what needs more than its notes; a WaveGAN has none. */
  readonly generator: GeneratorModel | undefined;
  readonly representation: Representation;
  readonly latentSize: number;
  /** Names of the instruments the network tells apart; none of the paper's does. */
  readonly instruments: readonly string[];
  /** How often each pitch occurred in training; all alike if the model does not say. */
  readonly pitchCounts: readonly number[];
  dispose(): void;
}

const shippedModel = '@gansynth/model-mini';

/** Folder of the model that ships with gansynth, if it is installed. */
export function shippedModelFolder(): string | undefined {
  try {
    return dirname(createRequire(import.meta.url).resolve(`${shippedModel}/gansynth.json`));
  } catch {
    return undefined;
  }
}

/**
 * Folder of a model: a model's own, a run's, or the shipped one.
 *
 * @param where a folder with gansynth.json, a run, `mini`; when absent the shipped model, else the newest run that has one
 */
export function modelFolder(where: string | undefined, runs: string): string {
  const shipped = shippedModelFolder();
  if (where === undefined || where === 'mini') {
    const newest =
      where === undefined ? listRuns(runs).find((folder) => existsSync(join(folder, 'model', 'gansynth.json'))) : undefined;
    const found = shipped ?? (newest && join(newest, 'model'));
    if (found !== undefined) return found;
    throw new InputError(
      `expected a model, found none: neither ${shippedModel} nor a run in ${runs}. Train one, or name one with --model.`,
      where,
    );
  }
  if (where !== '' && existsSync(join(where, 'gansynth.json'))) return where;
  const { folder, paths } = findRun(where, runs);
  if (existsSync(join(paths.model, 'gansynth.json'))) return paths.model;
  throw new InputError(
    `${folder}: expected a run that has saved a model, found none yet. Let it train on: gansynth train.`,
    where,
  );
}

/** Opens a model to render notes with. The backend must be running. */
export async function openVoice(where: string | undefined, runs = 'runs'): Promise<Voice> {
  const folder = modelFolder(where, runs);
  const loaded = await loadModel(folderFiles(folder));
  if (loaded.family === 'wavegan') return voiceOf(noteModel(loaded.model), loaded.manifest, folder, undefined);
  const { model, manifest } = loaded;
  const compiled = compileGenerator(model);
  const both = (): void => {
    compiled.dispose();
    model.dispose();
  };
  return voiceOf(noteModel({ ...compiled, dispose: both }), manifest, folder, model);
}

/** A voice frees its model with itself. */
function voiceOf(model: NoteModel, manifest: Voice['manifest'], source: string, generator: GeneratorModel | undefined): Voice {
  if (manifest.representation === undefined) {
    model.dispose();
    throw new InputError(`${source}: expected a model that says how its images sound (representation), found none.`, manifest);
  }
  const representation = representationFromJSON(manifest.representation as RepresentationJSON);
  const { pitches, latentSize, instruments } = model;
  const counts = manifest.details?.['pitchCounts'];
  return {
    source,
    manifest,
    generator,
    representation,
    ...soundOf(model, representation),
    latentSize,
    instruments,
    sampleRate: manifest.sampleRate ?? representation.sampleRate,
    pitchCounts: Array.isArray(counts) && counts.length === pitches.length ? (counts as number[]) : pitches.map(() => 1),
    dispose: () => model.dispose(),
  };
}

/** A model with its representation. */
export const soundOf = (model: NoteModel, representation: Representation): Sound => ({
  pitches: model.pitches,
  sampleRate: representation.sampleRate,
  draw: (count, seed) => model.draw(count, { seed }),
  render: (latents, pitches, options) => renderNotes(model, representation, latents, pitches, options),
});

/** Class indices of pitches. @throws UsageError naming the range a model has learned */
export function labelsOf(pitches: readonly number[], wanted: readonly number[]): Int32Array {
  return Int32Array.from(wanted, (pitch) => {
    const label = pitches.indexOf(pitch);
    if (label >= 0) return label;
    const [low, high] = [pitches[0] as number, pitches.at(-1) as number];
    throw new UsageError(
      `pitch ${pitch}: expected one that the model knows, ${low} to ${high} (${pitchName(low)} to ${pitchName(high)}), found another.`,
      pitch,
    );
  });
}

/**
 * Notes of a model, one for each latent and pitch, a batch at a time; none beyond full scale, whatever they are written to. Events are
 * let through before each batch.
 */
export async function* renderNotes(
  model: NoteModel,
  representation: Representation,
  latents: readonly ArrayLike<number>[],
  pitches: readonly number[],
  { signal, batchSize = chooseForms(tf.getBackend()).oneByOne ? 1 : 4 }: RenderOptions = {},
): AsyncGenerator<Float32Array> {
  const labels = labelsOf(model.pitches, pitches);
  for (let at = 0; at < latents.length; at += batchSize) {
    await breathe(signal);
    const some = latents.slice(at, at + batchSize);
    const end = at + some.length;
    const images = await model.generate(some, labels.subarray(at, end), signal === undefined ? {} : { signal });
    const audio = tf.tidy(() =>
      withinFullScale(
        representation.decode(tf.reshape<tf.Rank.R4>(images, [some.length, ...representation.shape]), pitches.slice(at, end)),
      ),
    );
    images.dispose();
    const samples = (await audio.data()) as Float32Array;
    const length = audio.shape[1];
    audio.dispose();
    for (let i = 0; i < some.length; i++) yield samples.slice(i * length, (i + 1) * length);
  }
}
