import type { ScoredNote } from '@gansynth/metrics';
import type { Voice } from '@gansynth/voice';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import type { Context } from '../app/command.js';
import { openModel } from '../pipeline/open-model.js';
import { modelNotes, type Scoring } from '../pipeline/scoring.js';
import { canonicalJson } from '../recipes/canonical.js';
import { readJsonOf } from '../runs/read-json-of.js';
import { writeJson } from '../runs/write-json.js';
import type { Folders } from './folders.js';
import type { Job } from './jobs.js';
import { isRowResult, rowFormat, type RowConditions, type RowResult, type TrainedRow } from './row-result.js';
import type { Row } from './rows.js';
import { keepModelSounds, soundsAreKept } from './sounds.js';

/** Scores the notes of a trained row and keeps some of them as sounds. What was scored under the same conditions is taken as it is. */
export async function scoreJob(
  { row }: Pick<Job, 'row'>,
  training: TrainedRow,
  scoring: Scoring,
  resamples: number,
  at: Folders,
  keepSounds: boolean,
  { signal, note }: Context,
): Promise<RowResult> {
  const conditions = conditionsOf(scoring, training.recipeHash, resamples);
  const file = at.result(row.id, training.seed);
  const kept = scoredBefore({ row }, training, scoring, resamples, at);
  const sounding = keepSounds && !(kept && soundsAreKept(at.samples(row.id)));
  if (kept && !sounding) return kept;
  const voice = await openModel(join(at.runs, training.run), at.runs);
  try {
    const result = kept ?? (await scoreNotes(voice, row, training, conditions, scoring, signal));
    if (sounding) await keepModelSounds(voice, training.seed, at.samples(row.id), signal);
    if (kept) return kept;
    await writeJson(file, result);
    note(`${row.title}, seed ${training.seed}: scored`);
    return result;
  } finally {
    voice.dispose();
  }
}

/** What a trained row was given before, under the same conditions; undefined where it was not. */
export function scoredBefore(
  { row }: Pick<Job, 'row'>,
  training: TrainedRow,
  scoring: Scoring,
  resamples: number,
  at: Folders,
): RowResult | undefined {
  const kept = keptResult(at.result(row.id, training.seed), conditionsOf(scoring, training.recipeHash, resamples));
  return kept && { ...kept, training };
}

async function scoreNotes(
  voice: Voice,
  { id, title }: Row,
  training: TrainedRow,
  conditions: RowConditions,
  scoring: Scoring,
  signal: AbortSignal,
): Promise<RowResult> {
  const notes = timed(modelNotes(voice, scoring.pitches, training.seed, signal));
  const scores = await scoring.score(`${title}, seed ${training.seed}`, notes);
  return {
    kind: 'gansynth-reproduction-row',
    format: rowFormat,
    row: id,
    title,
    training,
    conditions,
    scores,
    secondsPerNote: notes.seconds / scoring.pitches.length,
  };
}

/** Notes on their way, and how long they were waited for. */
function timed(notes: AsyncIterable<ScoredNote>): AsyncIterable<ScoredNote> & { readonly seconds: number } {
  let seconds = 0;
  return {
    get seconds() {
      return seconds;
    },
    async *[Symbol.asyncIterator]() {
      let began = performance.now();
      for await (const note of notes) {
        seconds += (performance.now() - began) / 1000;
        yield note;
        began = performance.now();
      }
    },
  };
}

/** Scores the held-out notes themselves. Undefined where there are too few others to compare them with. */
export async function scoreRealNotes(scoring: Scoring, resamples: number, at: Folders): Promise<RowResult | undefined> {
  if (scoring.scoreHeldOut === null) return undefined;
  const conditions = conditionsOf(scoring, null, resamples);
  const file = at.result('real-data', null);
  const kept = keptResult(file, conditions);
  if (kept) return kept;
  const scores = await scoring.scoreHeldOut();
  const result: RowResult = {
    kind: 'gansynth-reproduction-row',
    format: rowFormat,
    row: 'real-data',
    title: 'real data',
    training: null,
    conditions,
    scores,
    secondsPerNote: null,
  };
  await writeJson(file, result);
  return result;
}

const conditionsOf = (scoring: Scoring, hash: string | null, resamples: number): RowConditions => ({
  recipeHash: hash,
  classifier: scoring.classifierHash,
  notes: scoring.notes.fingerprint,
  heldOut: scoring.heldOut,
  notesScored: scoring.pitches.length,
  resamples,
});

function keptResult(file: string, conditions: RowConditions): RowResult | undefined {
  if (!existsSync(file)) return undefined;
  try {
    const kept = readJsonOf(file, isRowResult);
    return canonicalJson(kept.conditions) === canonicalJson(conditions) ? kept : undefined;
  } catch {
    // Damaged, or of another version: scored anew.
    return undefined;
  }
}
