import { describe, expect, it } from 'vitest';
import { parseRecipe } from '../recipes/parse.js';
import { columns } from '../reports/score-columns.js';
import { scratch } from '../test-support/packed.js';
import { rankPoints } from './rank-points.js';

describe('the ranking of points', () => {
  const recipe = parseRecipe({ name: 'test/rank' });
  const points = [0, 1].map((index) => ({ index, settings: { seed: index }, run: `rank-${index}`, recipe }));

  it('is stopped between two of them', async () => {
    const stop = new AbortController();
    const ranking = rankPoints(points, columns[0]!, scratch(), stop.signal);
    setImmediate(() => stop.abort(new Error('stopped')));
    await expect(ranking).rejects.toThrow('stopped');
    expect(await rankPoints(points, columns[0]!, scratch())).toMatchObject({ ranked: [], missing: [{ why: 'not begun' }, {}] });
  });
});
