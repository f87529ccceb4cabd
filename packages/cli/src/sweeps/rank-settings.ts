import { canonicalJson } from '../recipes/canonical.js';
import type { Ranking } from './rank-points.js';
import type { Settings } from './settings.js';

/** Points that differ in nothing but the seed and were scored in one way, together. */
export interface RankedSettings {
  readonly settings: Settings;
  readonly mean: number;
  readonly lowest: number;
  readonly highest: number;
  /** How many of its seeds are scored. */
  readonly seeds: number;
  /** Which of the ways of scoring theirs was, from 0. */
  readonly conditions: number;
}

/** The ranking over seeds: settings by the mean of their scores, best first. */
export function rankSettings({ ranked, by }: Pick<Ranking, 'ranked' | 'by'>): RankedSettings[] {
  const groups = new Map<string, { readonly settings: Settings; readonly scores: number[]; readonly conditions: number }>();
  for (const { settings, score, conditions } of ranked) {
    const { seed: _seed, ...rest } = settings;
    const key = canonicalJson({ rest, conditions });
    const group = groups.get(key) ?? { settings: rest, scores: [], conditions };
    group.scores.push(score);
    groups.set(key, group);
  }
  const sign = by.better === 'less' ? 1 : -1;
  return [...groups.values()]
    .map(({ settings, scores, conditions }) => ({
      settings,
      mean: scores.reduce((sum, score) => sum + score, 0) / scores.length,
      lowest: Math.min(...scores),
      highest: Math.max(...scores),
      seeds: scores.length,
      conditions,
    }))
    .toSorted((a, b) => sign * (a.mean - b.mean));
}
