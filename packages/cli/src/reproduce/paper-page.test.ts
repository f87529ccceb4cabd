import { resampledScoreNames, type ScoreReport } from '@gansynth/metrics';
import { describe, expect, it } from 'vitest';
import { folders } from './folders.js';
import type { Environment } from '../runs/environment.js';
import type { Ledger } from './ledger.js';
import { paperPage } from './paper-page.js';
import type { RowResult } from './row-result.js';
import { rows } from './rows.js';
import { columns } from '../reports/score-columns.js';
import { triedForMini } from './tried.js';
import { agreementOf, cellOf } from './summary.js';

/** A report of which only what the page reads is there: NDB and pitch entropy as given, everything else 0. */
const report = (ndbOverK: number, entropy: number, draws: readonly number[] = []): ScoreReport =>
  ({
    frechetDistance: { distance: 0, bias: null },
    ndb: { ndbOverK, bins: [] },
    generated: {
      inceptionScore: { score: 0 },
      pitchAccuracy: { strict: 0 },
      pitchEntropy: { entropy },
      quality: { within50Cents: 0, harmonicEnergy: 0, lastingRepetition: 0 },
    },
    ...(draws.length > 0 && {
      resampled: { resamples: draws.length, draws: Object.fromEntries(resampledScoreNames.map((name) => [name, draws])) },
    }),
  }) as unknown as ScoreReport;

const result = (row: string, scores: ScoreReport, seed = 0): RowResult => ({
  kind: 'gansynth-reproduction-row',
  format: 1,
  row,
  title: rows.find(({ id }) => id === row)?.title ?? row,
  training: {
    seed,
    recipe: row,
    recipeHash: 'abcdefabcdef',
    run: `${row}-x`,
    done: 10,
    unit: 'images',
    seconds: 2 + 6 * seed,
    learned: {},
    sessions: [{ backend: 'wasm', backendDetail: `${seed + 1} threads`, cpu: 'a <processor>', cores: 2 } as Environment],
  },
  conditions: { recipeHash: null, classifier: 'c', notes: 'n', notesScored: 20, resamples: 0 },
  scores,
  secondsPerNote: 0.01,
});

const ndb = columns.find(({ name }) => name === 'ndbOverK')!;

/** NDB of three rows, each with two resamples that say the same. */
const found = (scores: readonly number[]) =>
  new Map(['if-mel-h', 'if-h', 'phase-h'].map((id, i) => [id, [result(id, report(scores[i]!, 0, [scores[i]!, scores[i]!]))]]));

describe('the table', () => {
  it('has means over seeds where there are several, else the bootstrap over notes', () => {
    const over = cellOf([result('if', report(0.28, 0)), result('if', report(0.32, 0), 1)], ndb);
    expect(over).toMatchObject({ over: 'seeds', score: expect.closeTo(0.3, 12) });
    // Student, one degree of freedom: 12.706 standard errors of 0.02. Ten times as many would reach beyond a share.
    expect(over.interval![1]).toBeCloseTo(0.3 + 0.25412, 4);
    expect(cellOf([result('if', report(0.1, 0)), result('if', report(0.5, 0), 1)], ndb).interval).toEqual([0, 1]);
    expect(cellOf([result('if', report(0.2, 0, [0.1, 0.2, 0.3]))], ndb)).toMatchObject({ over: 'notes', score: 0.2 });
    expect(cellOf([result('if', report(0.2, 0))], ndb).interval).toBeNull();
    // Turned over, draws of 0.9 lie at -0.5: no share does.
    expect(cellOf([result('if', report(0.2, 0, [0.1, 0.9, 0.9]))], ndb).interval![0]).toBe(0);
  });

  it("says how far its order is the paper's, over the rows that both have", () => {
    // The paper: IF-Mel + H 29.3, IF + H 36, Phase + H 37.6.
    expect(agreementOf(rows, found([0.1, 0.2, 0.3]), ndb)).toEqual({ tau: 1, interval: [1, 1] });
    expect(agreementOf(rows, found([0.3, 0.2, 0.1]), ndb)).toEqual({ tau: -1, interval: [-1, -1] });
    const twice = new Map([...found([1, 2, 3])].map(([id, own]) => [id, [...own, result(id, own[0]!.scores, 1)]]));
    expect(agreementOf(rows, twice, ndb)).toEqual({ tau: 1, interval: null });
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
    const ledger = {
      scale: 'smoke',
      seeds: [0],
      notes: { notes: 39, training: 39, evaluation: 39, pitches: [60, 72], collection: 'x' },
      classifier: { hash: 'abcdefabcdef', heldOutAccuracy: 1, heldOutNotes: 39, notHeldOut: true },
      environment: { gansynth: '0', backend: 'wasm' },
      results: [
        result('real-data', report(0.1, 0)),
        result('if', report(0.25, 0.5)),
        result('wavegan', report(0.5, 1)),
        result('if-mel-h-l1', report(0.3, 0.6)),
      ],
      failed: [{ row: 'phase', title: 'Phase', seed: 0, why: 'diverged <script>' }],
      autoencoder: null,
      notRun: [],
      tried: triedForMini,
    } as unknown as Ledger;
    const html = paperPage(ledger, [], folders('/nowhere'), {
      models: [
        { model: 'IF', wins: 7, comparisons: 20 },
        { model: 'real', wins: 19, comparisons: 20 },
        { model: 'IF-Mel + H, shown real notes', wins: 12, comparisons: 20 },
      ],
    } as unknown as Parameters<typeof paperPage>[3]);
    for (const cells of [
      '<td>real data</td><td>19 of 20</td>',
      '<td>IF</td><td>7 of 20</td>',
      '<td>WaveGAN</td><td></td>',
      '<td>IF-Mel + H, shown real notes\n(not in the paper)</td><td>12 of 20</td>',
    ])
      expect(html).toContain(cells);
    expect(html).toContain('<td>0.25</td>');
    expect(html).toContain('phase, seed 0: diverged &lt;script&gt;');
    expect(html).not.toContain('<script');
    // Ten images in two seconds; with another seed, ten in eight.
    expect(html).toContain('<td>5.00</td></tr>');
    expect(html).toContain('Trained with wasm (1 threads) on a &lt;processor&gt; x 2. ');
    expect(html).toContain('<td>8 % of 60</td>');
    const plain = paperPage(ledger, [], folders('/nowhere'));
    expect(plain).not.toContain('wins');
    expect(plain).toContain('95 % interval over the choice of notes');
    const several = { ...ledger, results: [...ledger.results, result('if', report(0.3, 0.5), 1)] };
    const ofSeveral = paperPage(several, [], folders('/nowhere'));
    expect(ofSeveral).toMatch(/there over seeds .*, of rows with one training over the choice/);
    expect(ofSeveral).toContain('<td>2.00</td></tr>');
    expect(ofSeveral).toContain('wasm (1 threads) on a &lt;processor&gt; x 2; wasm (2 threads) on');
  });
});
