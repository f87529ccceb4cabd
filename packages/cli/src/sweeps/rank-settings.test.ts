import { describe, expect, it } from 'vitest';
import { columns } from '../reports/score-columns.js';
import { rankSettings } from './rank-settings.js';

const point = (index: number, rate: number, seed: number, score: number, conditions = 0) => ({
  index,
  run: `run-${index}`,
  settings: { 'training.learningRate': rate, seed },
  score,
  scores: {},
  conditions,
});

const by = (short: string) => columns.find((column) => column.short === short)!;

describe('settings over seeds', () => {
  const ranked = [point(0, 0.1, 0, 4), point(1, 0.2, 0, 5), point(2, 0.1, 1, 8)];

  it('are ranked by their mean, less first or more first', () => {
    const first = { settings: { 'training.learningRate': 0.2 }, mean: 5, lowest: 5, highest: 5, seeds: 1, conditions: 0 };
    const second = { settings: { 'training.learningRate': 0.1 }, mean: 6, lowest: 4, highest: 8, seeds: 2, conditions: 0 };
    expect(rankSettings({ ranked, by: by('fid') })).toEqual([first, second]);
    expect(rankSettings({ ranked, by: by('is') })).toEqual([second, first]);
  });

  it('are no mean of scores that do not compare', () => {
    const [kept, other] = [point(0, 0.1, 0, 4), point(1, 0.1, 1, 8, 1)];
    expect(rankSettings({ ranked: [kept, other], by: by('fid') })).toMatchObject([
      { mean: 4, seeds: 1, conditions: 0 },
      { mean: 8, seeds: 1, conditions: 1 },
    ]);
  });
});
