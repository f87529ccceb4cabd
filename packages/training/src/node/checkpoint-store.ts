import type { OptionNames } from '@gansynth/common/check-options';
import { checkOptions } from '../check-options.js';
import { mkdir, readdir } from 'node:fs/promises';
import { join } from 'node:path';
import * as tf from '@tensorflow/tfjs-core';
import { ArgumentError } from '../errors.js';
import { createDirectory, removeDirectory, removeLeftovers } from '@gansynth/common/node';
import { CheckpointRefusedError, NoWholeCheckpointError, type Refusal } from './checkpoint-errors.js';
import { readManifest, readTensors, Unusable, writeCheckpoint, type Manifest } from './checkpoint-files.js';
import { checkJson, type Json } from '../json.js';

export interface CheckpointStoreOptions {
  /**
   * Whose checkpoints these are: the hash of a recipe, for example. It is saved with each, and others are refused as foreign. Left out,
   * any checkpoint is accepted.
   */
  readonly identity?: string;
  /** How many of the newest checkpoints to keep, at least 1. Default 3. */
  readonly keepLast?: number;
  /** How many of the best-scored checkpoints to keep besides. Default 1. */
  readonly keepBest?: number;
  /** Which scores are better. Default `lowest`. */
  readonly best?: 'lowest' | 'highest';
}

/** Their names, each once. */
export const checkpointStoreOptionNames: OptionNames<CheckpointStoreOptions> = {
  identity: true,
  keepLast: true,
  keepBest: true,
  best: true,
};

export interface CheckpointInfo {
  readonly path: string;
  /** Steps or images done, whichever the run counts. */
  readonly step: number;
  /** A measure of quality, where one was given. */
  readonly score: number | null;
  /** ISO 8601. */
  readonly savedAt: string;
}

export interface SavedState {
  readonly step: number;
  /** Weights, moments, averages, by name. */
  readonly tensors: Readonly<Record<string, tf.Tensor>>;
  /** All the rest, as plain JSON: optimiser steps, random streams, cursor, schedule, the recipe itself. */
  readonly state: Json;
  readonly score?: number;
}

export interface LoadedCheckpoint extends CheckpointInfo {
  /** New tensors, owned by the caller. */
  readonly tensors: Record<string, tf.Tensor>;
  readonly state: Json;
  /** Newer checkpoints that could not be used, and why. */
  readonly refusals: readonly Refusal[];
}

export interface CheckpointStore {
  readonly directory: string;
  /**
   * Saves a checkpoint: it appears whole or not at all, whenever the process dies, and no other is touched before it is on disk. The
   * tensors may be changed and freed while it is being written.
   *
   * @param options.signal gives up; nothing appears then
   */
  save(saved: SavedState, options?: { signal?: AbortSignal }): Promise<CheckpointInfo>;
  /**
   * The newest whole checkpoint; null if there is none at all.
   *
   * @throws NoWholeCheckpointError if there are some, but none can be used
   */
  load(options?: { signal?: AbortSignal }): Promise<LoadedCheckpoint | null>;
  /**
   * The checkpoint of one step.
   *
   * @throws CheckpointRefusedError if it cannot be used; ArgumentError if there is none
   */
  loadStep(step: number, options?: { signal?: AbortSignal }): Promise<LoadedCheckpoint>;
  /** Checkpoints with a whole manifest, oldest first, without reading their tensors. */
  list(): Promise<CheckpointInfo[]>;
}

const namePattern = /^step-(\d{12,16})(?:\.(\d+))?$/;

/** Opens a directory of checkpoints, and makes it if need be. One process at a time may save into it. */
export async function openCheckpointStore(directory: string, options: CheckpointStoreOptions = {}): Promise<CheckpointStore> {
  checkOptions('openCheckpointStore', options, checkpointStoreOptionNames);
  const { identity, keepLast = 3, keepBest = 1, best = 'lowest' } = options;
  checkCount('keepLast', keepLast, 1);
  checkCount('keepBest', keepBest, 0);
  await mkdir(directory, { recursive: true });
  await removeLeftovers(directory);
  const expected = identity ?? null;

  /** Names of checkpoints, newest first; a step that was saved again has a higher revision. */
  const names = async (): Promise<string[]> => {
    const found = (await readdir(directory)).flatMap((name) => {
      const match = namePattern.exec(name);
      return match ? [{ name, step: Number(match[1]), revision: Number(match[2] ?? 0) }] : [];
    });
    return found.sort((a, b) => b.step - a.step || b.revision - a.revision).map(({ name }) => name);
  };

  const manifests = async (): Promise<{ name: string; manifest: Manifest }[]> => {
    const found: { name: string; manifest: Manifest }[] = [];
    for (const name of await names()) {
      try {
        found.push({ name, manifest: await readManifest(join(directory, name), expected) });
      } catch (error) {
        if (!(error instanceof Unusable)) throw error;
      }
    }
    return found;
  };

  const infoOf = (name: string, { step, score, savedAt }: Pick<Manifest, 'step' | 'score' | 'savedAt'>): CheckpointInfo => ({
    path: join(directory, name),
    step,
    score,
    savedAt,
  });

  const read = async (
    name: string,
    signal: AbortSignal | undefined,
    refusals: readonly Refusal[],
  ): Promise<LoadedCheckpoint | Refusal> => {
    const path = join(directory, name);
    try {
      const manifest = await readManifest(path, expected);
      const tensors = await readTensors(path, manifest, signal);
      return { ...infoOf(name, manifest), tensors, state: manifest.state, refusals };
    } catch (error) {
      if (error instanceof Unusable) return { path, kind: error.kind, reason: error.message };
      throw error;
    }
  };

  /** Deletes what is neither among the last nor among the best. What cannot be used is left for somebody to look at. */
  const prune = async (newest: string): Promise<void> => {
    const usable = await manifests();
    const seen = new Set<number>();
    const current = usable.filter(({ manifest: { step } }) => !seen.has(step) && seen.add(step));
    const keep = new Set([newest, ...current.slice(0, keepLast).map(({ name }) => name)]);
    const sign = best === 'lowest' ? 1 : -1;
    const scored = current.filter(({ manifest: { score } }) => score !== null);
    scored.sort((a, b) => sign * (a.manifest.score! - b.manifest.score!));
    for (const { name } of scored.slice(0, keepBest)) keep.add(name);
    for (const { name } of usable) if (!keep.has(name)) await removeDirectory(directory, name);
  };

  return {
    directory,
    save: async ({ step, tensors, state, score }, { signal } = {}) => {
      checkSaved(step, tensors, state, score);
      signal?.throwIfAborted();
      // Taken now, so that training can go on.
      const copies = Object.fromEntries(Object.entries(tensors).map(([name, tensor]) => [name, tf.keep(tf.clone(tensor))]));
      try {
        const base = `step-${String(step).padStart(12, '0')}`;
        const taken = (await names()).filter((name) => name === base || name.startsWith(`${base}.`));
        const revision = Math.max(-1, ...taken.map((name) => Number(namePattern.exec(name)?.[2] ?? 0))) + 1;
        const name = revision === 0 ? base : `${base}.${revision}`;
        const header = { identity: expected, step, score: score ?? null, savedAt: new Date().toISOString(), state };
        await createDirectory(directory, name, (temporary) => writeCheckpoint(temporary, header, copies, signal));
        await prune(name);
        return infoOf(name, header);
      } finally {
        tf.dispose(copies);
      }
    },
    load: async ({ signal } = {}) => {
      const refusals: Refusal[] = [];
      for (const name of await names()) {
        signal?.throwIfAborted();
        const outcome = await read(name, signal, refusals);
        if ('tensors' in outcome) return outcome;
        refusals.push(outcome);
      }
      if (refusals.length > 0) throw new NoWholeCheckpointError(directory, refusals);
      return null;
    },
    loadStep: async (step, { signal } = {}) => {
      const all = await names();
      const name = all.find((name) => Number(namePattern.exec(name)?.[1]) === step);
      if (name === undefined) {
        const steps = all.map((name) => Number(namePattern.exec(name)?.[1])).join(', ') || 'none';
        throw new ArgumentError('checkpoint store: loadStep', `expected a saved step, found ${step}. There are: ${steps}.`, step);
      }
      const outcome = await read(name, signal, []);
      if ('tensors' in outcome) return outcome;
      throw new CheckpointRefusedError(outcome);
    },
    list: async () => (await manifests()).map(({ name, manifest }) => infoOf(name, manifest)).reverse(),
  };
}

function checkSaved(step: number, tensors: Readonly<Record<string, tf.Tensor>>, state: Json, score: number | undefined): void {
  const where = 'checkpoint store: save';
  if (!Number.isSafeInteger(step) || step < 0)
    throw new ArgumentError(where, `expected a step that is a whole number, found ${step}.`, step);
  if (score !== undefined && !Number.isFinite(score)) {
    throw new ArgumentError(where, `expected a finite score, found ${score}. Leave it out where there is none.`, score);
  }
  for (const [name, { dtype, isDisposed }] of Object.entries(tensors)) {
    if (isDisposed) throw new ArgumentError(where, `expected live tensors, found "${name}" disposed.`, name);
    if (!['float32', 'int32', 'bool'].includes(dtype)) {
      throw new ArgumentError(where, `expected tensors of float32, int32 or bool, found "${name}" of ${dtype}.`, dtype);
    }
  }
  checkJson(where, state);
}

function checkCount(name: string, value: number, least: number): void {
  if (!Number.isInteger(value) || value < least) {
    throw new ArgumentError(
      'openCheckpointStore',
      `expected ${name} to be a whole number of at least ${least}, found ${value}.`,
      value,
    );
  }
}
