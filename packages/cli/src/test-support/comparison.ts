import { resampledScoreNames, type ScoreReport } from '@gansynth/metrics';
import type { Ledger } from '../reproduce/ledger.js';
import { rowFormat, type RowResult } from '../reproduce/row-result.js';
import { rows } from '../reproduce/rows.js';
import { triedForMini } from '../reproduce/tried.js';
import type { Environment } from '../runs/environment.js';

/** A report of which only what the page reads is there: NDB and pitch entropy as given, everything else 0. */
export const report = (ndbOverK: number, entropy: number, draws: readonly number[] = []): ScoreReport =>
  ({
    frechetDistance: { distance: 0, bias: null },
    ndb: { ndbOverK, bins: [] },
    generated: {
      inceptionScore: { score: 0, classes: 13 },
      pitchAccuracy: { strict: 0 },
      pitchEntropy: { entropy },
      quality: { within50Cents: 0, harmonicEnergy: 0, lastingRepetition: 0 },
    },
    ...(draws.length > 0 && {
      resampled: { resamples: draws.length, draws: Object.fromEntries(resampledScoreNames.map((name) => [name, draws])) },
    }),
  }) as unknown as ScoreReport;

/** A result of a row with these scores. */
export const result = (row: string, scores: ScoreReport, seed = 0): RowResult => ({
  kind: 'gansynth-reproduction-row',
  format: rowFormat,
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
  conditions: { recipeHash: null, classifier: 'c', notes: 'n', heldOut: 'h', notesScored: 20, resamples: 0 },
  scores,
  secondsPerNote: 0.01,
});

/** Of a comparison of three rows and real data. */
export const smallLedger = (): Ledger =>
  ({
    scale: 'smoke',
    caption: 'To see that it runs.',
    seeds: [0],
    notes: {
      notes: 39,
      training: 39,
      evaluation: 39,
      pitches: [60, 72],
      collection: 'x',
      source: 'the shipped ones',
      seconds: 4,
    },
    classifier: { hash: 'abcdefabcdef', heldOutAccuracy: 1, heldOutNotes: 39, notHeldOut: true },
    environment: { gansynth: '0', backend: 'wasm' },
    results: [
      result('real-data', report(0.1, 0)),
      result('if', report(0.25, 0.5)),
      result(rows.find(({ title }) => title === 'WaveGAN')!.id, report(0.5, 1)),
      result('if-mel-h-l1', report(0.3, 0.6)),
    ],
    failed: [{ row: 'phase', title: 'Phase', seed: 0, why: 'diverged <script>' }],
    autoencoder: null,
    listening: null,
    notRun: [],
    tried: triedForMini,
  }) as unknown as Ledger;
