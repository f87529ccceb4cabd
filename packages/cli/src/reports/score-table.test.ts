import type { ScoreReport } from '@gansynth/metrics';
import { describe, expect, it } from 'vitest';
import { paperScores } from './paper-scores.js';
import { columns } from './score-columns.js';
import { paperRows, scoreHeadings, scoreRows } from './score-table.js';

/** What the table reads of a report, each number another one. */
const report = {
  ndb: { ndbOverK: 0.125 },
  frechetDistance: { distance: 2345 },
  generated: {
    inceptionScore: { score: 3.25 },
    pitchAccuracy: { strict: 0.41, withinTolerance: 0.42 },
    pitchEntropy: { entropy: 0.375 },
    quality: { within20Cents: 0.51, within50Cents: 0.52, harmonicEnergy: 0.625, lastingRepetition: 0.7 },
    diversity: null,
  },
} as unknown as ScoreReport;

describe('the table of scores', () => {
  const [row] = scoreRows({ trained: report, real: null, untrained: null });

  it('has a cell below every heading, none where there is no score', () => {
    expect(Object.fromEntries(scoreHeadings.map((heading, i) => [heading, row![i]]))).toEqual({
      'notes of': 'this model',
      'NDB / k': '0.13',
      FID: '2.35e+3',
      IS: '3.3',
      'PA %': '41.0',
      PE: '0.38',
      'PA +-1 %': '42.0',
      'within 20 c %': '51.0',
      'within 50 c %': '52.0',
      'on harmonics': '0.625',
      diversity: '-',
    });
  });

  it('names and writes what other tables show as they do', () => {
    const others = columns.filter(({ name }) => name !== 'lastingRepetition');
    for (const { heading, show, of } of others) expect(row![scoreHeadings.indexOf(heading)], heading).toBe(show(of(report)));
  });

  it("has the paper's numbers in the same units and columns", () => {
    const wavenet = paperRows()[paperScores.findIndex(({ model }) => model === 'WaveNet 8-bit')];
    expect(wavenet).toEqual(['paper: WaveNet 8-bit', '0.92', '320', '29.1', '92.7', '0.70']);
  });
});
