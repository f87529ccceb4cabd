import { binsFigure, latencyFigure, type LatencyRow, winsFigure, type WinsRow } from '@gansynth/figures';
import type { Ndb } from '@gansynth/metrics';
import { paperComparisons } from '../reports/paper-scores.js';
import { rowNamed } from '../reproduce/rows.js';

/** Figure 2 of the score of a listening test, the paper's wins beside where a model has one of its names, as SVG. */
export const drawWins = ({ models }: { readonly models: readonly Omit<WinsRow, 'paperShare'>[] }): string =>
  winsFigure(
    models.map(({ model, wins, comparisons }) => {
      const published = rowNamed(model)?.paper?.wins;
      return { model, wins, comparisons, paperShare: published === undefined ? undefined : published / paperComparisons };
    }),
  );

/** Figures 5 and 6 of the NDB of each row, as SVG. */
export const drawBins = (rows: readonly { readonly name: string; readonly ndb: Pick<Ndb, 'bins'> }[]): string =>
  binsFigure(rows.map(({ name, ndb: { bins } }) => ({ name, bins })));

/** The latency comparison, as SVG. */
export const drawLatency = (rows: readonly LatencyRow[]): string => latencyFigure(rows);
