import { describe, expect, it } from 'vitest';
import { realData, rowNamed, rows } from './rows.js';

describe('a row', () => {
  it('is found by its id and by its title, in any spelling, and no two share a name', () => {
    for (const row of [realData, ...rows])
      for (const name of [row.id, row.title, row.id.toUpperCase(), row.title.replaceAll(' ', '')])
        expect(rowNamed(name)).toBe(row);
  });

  it('of real data is also "real"; a name of nothing is none', () => {
    expect(rowNamed('real')).toBe(realData);
    for (const name of ['', '+', 'if-mel-h-2', 'realism']) expect(rowNamed(name), name).toBeUndefined();
  });

  it("has the paper's wins, of models that were listened to", () => {
    const wins = [realData, ...rows].flatMap(({ paper }) => paper?.wins ?? []);
    expect(wins).toEqual([549, 485, 308, 225, 479, 283, 203, 359, 216]);
  });
});
