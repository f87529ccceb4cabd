import { isAbort } from '@gansynth/common/breathe';
import { messageOf } from '@gansynth/common/errors';
import type { LatencyRow } from '@gansynth/figures';
import * as tf from '@tensorflow/tfjs-core';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import type { Context } from '../app/command.js';
import { isFailure, tryBackend, type Choice } from '../backend/choose.js';
import { backendNames } from '../backend/names.js';
import { measureLatency } from '../figures/measure-latency.js';
import { areLatencies } from '../figures/latencies.js';
import { openModel } from '../pipeline/open-model.js';
import { describeEnvironment } from '../runs/environment.js';
import { has, readJsonOf } from '../runs/read-json-of.js';
import { writeJson } from '../runs/write-json.js';
import type { Folders } from './folders.js';
import type { RowResult } from './row-result.js';

/** How long one note of a row takes, and what with. */
export interface RowLatency extends LatencyRow {
  /** Of the model. */
  readonly run: string;
  /** Fingerprint of the environment it was measured in. */
  readonly environment: string;
}

/** `results/latencies.json` */
const areRowLatencies = (value: unknown): value is RowLatency[] =>
  areLatencies(value) && value.every((row) => has(row, 'run', 'environment'));

/** Notes whose median counts; of a model that takes as long as this for one, in milliseconds, one. */
const [repeats, patience] = [3, 10_000];

/**
 * Times one note of the first training of each row on each backend that runs here; where one cannot play it, that is said. What was timed under equal conditions is taken as it is.
 *
 * @param asked ids of the rows to be timed; of others there is what was timed before
 * @param backend running, and running again afterwards
 */
export async function rowLatencies(
  results: readonly RowResult[],
  asked: ReadonlySet<string>,
  at: Folders,
  backend: Choice,
  { signal, progress, note }: Context,
): Promise<RowLatency[]> {
  const before = existsSync(at.latencies) ? readJsonOf(at.latencies, areRowLatencies) : [];
  const rows = results.flatMap(({ row, title, training }, i) =>
    training !== null && results.findIndex((other) => other.row === row) === i ? [{ row, title, run: training.run }] : [],
  );
  const all: RowLatency[] = [];
  const step = progress.start('timing a note of each row', backendNames.length);
  try {
    for (const [i, name] of [backend.name, ...backendNames.filter((other) => other !== backend.name)].entries()) {
      step.update(i, name);
      const loaded = name === backend.name ? backend : await tryBackend(name);
      if (isFailure(loaded)) continue;
      const environment = describeEnvironment(loaded).fingerprint;
      for (const { row: id, title, run } of rows) {
        const timed = before.filter((row) => row.run === run && row.backend === name);
        const kept = timed.find((row) => row.environment === environment) ?? (asked.has(id) ? undefined : timed.at(-1));
        if (!kept && !asked.has(id)) continue;
        try {
          all.push(kept ?? { model: title, backend: name, milliseconds: await timeOf(run, at, signal), run, environment });
        } catch (error) {
          if (isAbort(error, signal)) throw error;
          note(`${title} could not be timed on ${name}: ${messageOf(error)}`);
          continue;
        }
        if (!kept) await writeJson(at.latencies, [...before, ...all.filter((row) => !before.includes(row))]);
      }
    }
  } finally {
    await tf.setBackend(backend.name);
  }
  step.finish();
  return rows.flatMap(({ run }) => all.filter((row) => row.run === run));
}

async function timeOf(run: string, at: Folders, signal: AbortSignal): Promise<number> {
  const voice = await openModel(join(at.runs, run), at.runs);
  try {
    return await measureLatency(voice, repeats, { signal, patience });
  } finally {
    voice.dispose();
  }
}
