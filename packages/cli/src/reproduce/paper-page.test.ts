import type { ScoreReport } from '@gansynth/metrics';
import { describe, expect, it } from 'vitest';
import { report, result, smallLedger } from '../test-support/comparison.js';
import { folders } from './folders.js';
import type { Ledger } from './ledger.js';
import { paperPage } from './paper-page.js';
import { rows } from './rows.js';
import { columns } from '../reports/score-columns.js';
import { agreementOf, cellOf } from './summary.js';

const ndb = columns.find(({ name }) => name === 'ndbOverK')!;

/** NDB of three rows, each with two resamples that say the same. */
const found = (scores: readonly number[]) =>
  new Map(['if-mel-h', 'if-h', 'phase-h'].map((id, i) => [id, [result(id, report(scores[i]!, 0, [scores[i]!, scores[i]!]))]]));

/** A score that drawing notes anew leaves as it is. */
const often = (score: number) =>
  report(
    score,
    0,
    Array.from({ length: 400 }, () => score),
  );

/** Three rows, the first with two seeds. */
const twice = (first: number, second: number) =>
  new Map([
    ['if-mel-h', [result('if-mel-h', report(first, 0)), result('if-mel-h', report(second, 0), 1)]],
    ['if-h', [result('if-h', often(2))]],
    ['phase-h', [result('phase-h', often(3))]],
  ]);

describe('the table', () => {
  it('has means over seeds where there are several, else the bootstrap over notes', () => {
    const over = cellOf([result('if', report(0.28, 0)), result('if', report(0.32, 0), 1)], ndb);
    expect(over).toMatchObject({ over: 'seeds', score: expect.closeTo(0.3, 12) });
    // Student, one degree of freedom: 12.706 standard errors of 0.02. Ten times as many would reach beyond a share.
    expect(over.interval![1]).toBeCloseTo(0.3 + 0.25412, 4);
    expect(cellOf([result('if', report(0.1, 0)), result('if', report(0.5, 0), 1)], ndb).interval).toEqual([0, 1]);
    expect(cellOf([result('if', report(0.2, 0, [0.1, 0.2, 0.3]))], ndb)).toMatchObject({ over: 'notes', score: 0.2 });
    expect(cellOf([result('if', report(0.2, 0))], ndb).interval).toBeNull();
    // Moved round the score, a draw of 0.1 lies at -0.33: no share does.
    expect(cellOf([result('if', report(0.2, 0, [0.1, 0.9, 0.9]))], ndb).interval![0]).toBe(0);
    // There are thirteen pitches.
    const full = { ...report(0, 0, [12, 12.5]) } as ScoreReport;
    const twelve = { ...full, generated: { ...full.generated, inceptionScore: { score: 12.9, classes: 13 } } } as ScoreReport;
    const inception = columns.find(({ name }) => name === 'inceptionScore')!;
    expect(cellOf([result('if', twelve)], inception).interval).toEqual([expect.closeTo(12.6625, 9), 13]);
    // What few notes add stands beside the score, and is not taken off.
    const biased = { ...report(0, 0, [30, 32]), frechetDistance: { distance: 20, bias: 8 } } as ScoreReport;
    const fid = columns.find(({ name }) => name === 'frechetDistance')!;
    expect(cellOf([result('if', biased)], fid)).toMatchObject({ score: 20, bias: 8, interval: [19.05, 20.95] });
  });

  it("says how far its order is the paper's, over the rows that both have", () => {
    // The paper: IF-Mel + H 29.3, IF + H 36, Phase + H 37.6.
    expect(agreementOf(rows, found([0.1, 0.2, 0.3]), ndb)).toEqual({ tau: 1, interval: [1, 1] });
    expect(agreementOf(rows, found([0.3, 0.2, 0.1]), ndb)).toEqual({ tau: -1, interval: [-1, -1] });
    // Of four draws one exchanges the first two rows, which is a third less of two.
    const draws = [
      [1, 1, 1, 2.5],
      [2, 2, 2, 0.5],
      [9, 9, 9, 9],
    ];
    const sure = new Map(['if-mel-h', 'if-h', 'phase-h'].map((id, i) => [id, [result(id, report([1, 2, 9][i]!, 0, draws[i]))]]));
    const { tau, interval } = agreementOf(rows, sure, ndb)!;
    expect(tau).toBe(1);
    expect(interval![0]).toBeGreaterThanOrEqual(1 / 3);
    expect(interval![0]).toBeLessThan(0.5);
    expect(interval![1]).toBe(1);
    // Draws that lie beside their scores are moved to them, each row's by its own way.
    const aside = new Map(
      [...found([0.1, 0.2, 0.3])].map(([id], i) => [id, [result(id, report(0.1 * (i + 1), 0, [9 - i, 9 - i]))]]),
    );
    expect(agreementOf(rows, aside, ndb)).toEqual({ tau: 1, interval: [1, 1] });
    // With several seeds of a row, means by Student's t: of the first row they may lie beyond the second, if they are far apart.
    expect(agreementOf(rows, twice(1, 1.0002), ndb)).toEqual({ tau: 1, interval: [1, 1] });
    const apart = agreementOf(rows, twice(1, 1.8), ndb)!;
    expect([apart.tau, apart.interval![1]]).toEqual([1, 1]);
    expect(apart.interval![0]).toBeLessThan(0.4);
    // Without resamples of the others there is nothing to draw.
    expect(agreementOf(rows, new Map([...found([1, 2, 3])].map(([id]) => [id, [result(id, report(1, 0))]])), ndb)).toEqual({
      tau: null,
      interval: null,
    });
    expect(agreementOf(rows, new Map([...found([1, 2, 3])].slice(0, 2)), ndb)).toBeNull();
    expect(
      agreementOf(
        rows,
        found([1, 2, 3]),
        columns.find(({ paper }) => !paper)!,
      ),
    ).toBeNull();
  });
});

describe('the page', () => {
  it('shows wins beside the rows that were listened to, and what is missing, all of it escaped', () => {
    const ledger = smallLedger();
    const models = [
      { model: 'IF', wins: 7, ties: 1, losses: 12, comparisons: 20, meanPreference: -0.5 },
      { model: 'real', wins: 19, ties: 0, losses: 1, comparisons: 20, meanPreference: 1.5 },
      { model: 'IF-Mel + H, shown real notes', wins: 12, ties: 0, losses: 8, comparisons: 20, meanPreference: 0.25 },
      { model: 'Phase', wins: 6, ties: 0, losses: 14, comparisons: 20, meanPreference: -1 },
      { model: 'WaveGAN', wins: 5, ties: 0, losses: 15, comparisons: 20, meanPreference: -1 },
    ];
    const score = {
      models,
      kruskalWallis: { statistic: 31.4, degreesOfFreedom: 4, pValue: 1e-5 },
      comparisons: [{ models: ['IF', 'real'], wins: [1, 9], ties: 0, correctedPValue: 0.012, different: true }],
      agreement: 0.4,
      answers: 50,
      listeners: 3,
      catches: [{ listener: 'l<3', answered: 4, missed: 3, failed: true }],
    };
    const listening = { score, superseded: [], unfinished: [] } as unknown as Ledger['listening'];
    const html = paperPage({ ...ledger, listening }, [], folders('/nowhere'));
    for (const cells of [
      // Wilson: 0.764 to 0.991 and 0.181 to 0.567 of twenty.
      '<td>real data</td><td>19 of 20\n[15, 20]</td>',
      '<td>IF</td><td>7 of 20\n[4, 11]</td>',
      '<td>WaveGAN</td><td>5 of 20\n[2, 9]</td>',
      '<td>IF-Mel + H, shown real notes\n(not in the paper)</td><td>12 of 20\n[8, 16]</td>',
      // The paper: IF 283, WaveGAN 216, Phase 203 of 800: two of three pairs as here.
      "<td>Kendall's tau with the paper's order</td><td>0.33</td>",
      '<td>IF : real</td><td>1 : 9</td><td>0</td><td>0.012</td><td>different</td>',
      'H(4) = 31.40, p &lt; 0.001',
      'failed the catches: l&lt;3 (missed 3 of 4)',
      '<td>WaveNet 8-bit</td><td>359 of 800</td>',
    ])
      expect(html).toContain(cells);
    expect(html).toContain(
      '39 notes of the shipped ones, 4 s each, MIDI 60 to 72: 39 to learn from, 39 to compare with, of which 20 were chosen',
    );
    expect(html).toContain('<td>0.25</td>');
    expect(html).toContain('phase, seed 0: diverged &lt;script&gt;');
    expect(html).not.toContain('<script');
    // Ten images in two seconds; with another seed, ten in eight.
    expect(html).toContain('<td>5.00</td></tr>');
    expect(html).toContain('Trained with wasm (1 threads) on a &lt;processor&gt; x 2. ');
    expect(html).toContain('<td>8 % of 60</td>');
    const plain = paperPage(ledger, [], folders('/nowhere'));
    // Those of the paper alone.
    const winsColumn = '<th>notes of</th><th>wins</th>';
    expect([html, plain].map((one) => one.split(winsColumn).length - 1)).toEqual([2, 1]);
    expect(plain).toContain('no listening test was held');
    expect(html).not.toContain('no listening test was held');
    expect(plain).toContain('95 % interval over the choice of notes');
    const several = { ...ledger, results: [...ledger.results, result('if', report(0.3, 0.5), 1)] };
    const ofSeveral = paperPage(several, [], folders('/nowhere'));
    expect(ofSeveral).toMatch(/there over seeds .*, of rows with one training over the choice/);
    expect(ofSeveral).toContain('<td>2.00</td></tr>');
    expect(ofSeveral).toContain('wasm (1 threads) on a &lt;processor&gt; x 2; wasm (2 threads) on');
  });
});
