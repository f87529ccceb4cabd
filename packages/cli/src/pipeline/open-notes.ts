import { readSplitFile, openDataset, type Dataset, type NoteFilter } from '@gansynth/nsynth-data';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import type { Context } from '../app/command.js';
import { InputError, UsageError } from '../app/errors.js';
import type { DataRecipe } from '../recipes/recipe.js';
import { has } from '../runs/read-json-of.js';

export interface Notes {
  readonly all: Dataset;
  /** What is trained on. */
  readonly train: Dataset;
  /** What is kept for evaluation; the same as `train` where the recipe does not split. */
  readonly evaluation: Dataset;
}

/** What was trained on, in a few numbers; a run refuses to go on with other notes. */
export interface DataSummary {
  readonly notes: number;
  readonly training: number;
  readonly evaluation: number;
  /** Checksum of ids and audio of the training notes. */
  readonly fingerprint: string;
  readonly pitches: readonly [lowest: number, highest: number];
  readonly refused: number;
}

/** `data.json` */
export const isDataSummary = (value: unknown): value is DataSummary =>
  has(value, 'training', 'evaluation', 'pitches', 'fingerprint') && Array.isArray(value.pitches);

/** The filter of a recipe as `@gansynth/nsynth-data` takes it. */
export function filterOf({ pitches, sources, families, instruments, velocities }: DataRecipe['filter']): NoteFilter {
  const chosen = velocities === undefined ? undefined : new Set(velocities);
  return {
    pitch: pitches,
    ...(sources === undefined ? {} : { source: sources }),
    ...(families === undefined ? {} : { family: families as NonNullable<NoteFilter['family']> }),
    ...(instruments === undefined ? {} : { instrument: instruments }),
    ...(chosen === undefined ? {} : { where: ({ velocity }: { velocity: number }) => chosen.has(velocity) }),
  };
}

/** Opens a collection, of whatever rate unless one is wanted, and shows how the reading goes. */
export async function openCollection(
  path: string,
  { signal, progress }: Pick<Context, 'signal' | 'progress'>,
  options: { readonly sampleRate?: number; readonly onBadNote?: 'stop' | 'skip'; readonly reindex?: boolean } = {},
): Promise<Dataset> {
  if (!existsSync(path)) throw new InputError(`${path}: expected notes, found no such file or folder.`, path);
  const step = progress.start(`reading ${path}`);
  const dataset = await openDataset(path, {
    signal,
    onBadNote: options.onBadNote === 'skip' ? 'skip' : 'throw',
    sampleRate: options.sampleRate ?? 'first',
    ...(options.reindex === undefined ? {} : { reindex: options.reindex }),
    onProgress: ({ notes }) => step.update(notes, 'notes'),
  });
  step.finish(`${dataset.length} notes`);
  return dataset;
}

/**
 * The notes of a recipe, filtered and split.
 *
 * @param path from the command line; the recipe's own otherwise
 */
export async function openNotes(
  data: DataRecipe,
  path: string | undefined,
  context: Pick<Context, 'signal' | 'progress'>,
): Promise<Notes> {
  const at = path ?? data.path;
  if (at === undefined) {
    throw new UsageError(
      'expected a collection of notes, found none: neither --data nor data.path in the recipe. Try --data <folder>.',
    );
  }
  const dataset = await openCollection(at, context, { sampleRate: data.sampleRate, onBadNote: data.onBadNote });
  const all = dataset.filter(filterOf(data.filter));
  if (all.length === 0) {
    throw new InputError(
      `${at}: expected notes that pass the recipe's filter ${JSON.stringify(data.filter)}, found none among ${dataset.length}. ` +
        `gansynth data inspect ${at} shows what there is.`,
      data.filter,
    );
  }
  const notes = { all, ...(await split(all, data, at)) };
  if (notes.train.length === 0)
    throw new InputError(`${at}: expected notes to train on, found none after the split.`, data.split);
  return notes;
}

async function split(all: Dataset, { split: how }: DataRecipe, path: string): Promise<Omit<Notes, 'all'>> {
  if (how.kind === 'none') return { train: all, evaluation: all };
  if (how.kind === 'file') {
    const beside = join(path, how.path);
    const parts = all.split(await readSplitFile(existsSync(beside) ? beside : how.path));
    const part = (name: string): Dataset => {
      const found = parts[name];
      if (found) return found;
      throw new InputError(`${how.path}: expected a part "${name}", found ${Object.keys(parts).join(', ')}.`, name);
    };
    return { train: part(how.train), evaluation: part(how.evaluation) };
  }
  const by = how.kind === 'random' ? 'note' : 'instrument';
  return all.split({ by, seed: how.seed, parts: { train: how.train, evaluation: 1 - how.train } });
}

export function summarise({ all, train, evaluation }: Notes): DataSummary {
  const { pitches } = train.pitchDistribution();
  return {
    notes: all.length,
    training: train.length,
    evaluation: evaluation.length,
    fingerprint: train.fingerprint,
    pitches: [pitches[0] ?? 0, pitches.at(-1) ?? 0],
    refused: all.rejected.count,
  };
}
