import { breathe } from '@gansynth/common/breathe';
import { messageOf } from '@gansynth/common/errors';
import type { ScoreReport } from '@gansynth/metrics';
import { existsSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { canonicalJson } from '../recipes/canonical.js';
import { isEvaluation } from '../reports/parts.js';
import { columns, type Column } from '../reports/score-columns.js';
import { readJsonOf } from '../runs/read-json-of.js';
import { runState } from '../runs/run-state.js';
import type { Point } from './plan.js';

/** A point that has been scored. */
export interface ScoredPoint extends Pick<Point, 'index' | 'settings' | 'run'> {
  readonly score: number;
  /** All scores, by short name. */
  readonly scores: Readonly<Record<string, number>>;
  /** Which of the ways of scoring found among the points is this one's, from 0: scores of two ways do not compare. */
  readonly conditions: number;
}

/** A point that cannot be ranked. */
export interface UnscoredPoint extends Pick<Point, 'index' | 'settings' | 'run'> {
  readonly why: string;
}

export interface Ranking {
  readonly by: Column;
  /** Best first. */
  readonly ranked: readonly ScoredPoint[];
  readonly missing: readonly UnscoredPoint[];
  /** How many ways of scoring there are: other notes, another number of them, another classifier. */
  readonly ways: number;
}

/**
 * Ranks points by a score, as far as their runs have scores.
 *
 * @param runs folder of all runs
 * @throws the signal's reason once it is aborted
 */
export async function rankPoints(points: readonly Point[], by: Column, runs: string, signal?: AbortSignal): Promise<Ranking> {
  const ways: string[] = [];
  const ranked: ScoredPoint[] = [];
  const missing: UnscoredPoint[] = [];
  for (const { index, settings, run, recipe } of points) {
    await breathe(signal);
    const found = scoresOf({ index, settings, run, recipe }, runs);
    const score = typeof found === 'string' ? undefined : found.scores[by.short];
    if (typeof found === 'string') missing.push({ index, settings, run, why: found });
    else if (score === undefined) missing.push({ index, settings, run, why: `its scores.json has no ${by.heading}` });
    else {
      if (!ways.includes(found.way)) ways.push(found.way);
      ranked.push({ index, settings, run, score, scores: found.scores, conditions: ways.indexOf(found.way) });
    }
  }
  const sign = by.better === 'less' ? 1 : -1;
  return { by, ranked: ranked.toSorted((a, b) => sign * (a.score - b.score)), missing, ways: ways.length };
}

interface Scores {
  readonly scores: Readonly<Record<string, number>>;
  /** All that two scores must have in common to be compared. */
  readonly way: string;
}

/** The scores of a point's run, or why there are none. */
function scoresOf({ run, recipe }: Point, runs: string): Scores | string {
  const folder = join(runs, run);
  const { state, done, total, unit, why, savedAt } = runState(folder, recipe);
  const file = join(folder, 'scores.json');
  if (state === 'not begun') return 'not begun';
  if (state === 'diverged') return `diverged at ${done} of ${total} ${unit}: ${why ?? ''}`;
  if (state === 'unfinished') return `in training: ${done} of ${total} ${unit}`;
  if (!existsSync(file)) return `no scores yet: gansynth evaluate --model ${folder}`;
  if (savedAt !== undefined && statSync(file).mtimeMs < savedAt) {
    return `its scores are older than its model: gansynth evaluate --model ${folder}`;
  }
  try {
    const { trained } = readJsonOf(file, isEvaluation);
    const { versions: _versions, ...way } = trained.conditions;
    return { scores: Object.fromEntries(columns.flatMap((column) => scored(trained, column))), way: canonicalJson(way) };
  } catch (error) {
    return messageOf(error);
  }
}

function scored(report: ScoreReport, { short, of }: Column): [string, number][] {
  const score: unknown = of(report);
  return typeof score === 'number' && Number.isFinite(score) ? [[short, score]] : [];
}
