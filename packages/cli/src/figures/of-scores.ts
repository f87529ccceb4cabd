import { binsFigure, latencyFigure, type LatencyRow, winsFigure } from '@gansynth/figures';
import type { ListeningScore, Ndb } from '@gansynth/metrics';
import { paperWinShare } from '../reports/paper-wins.js';

/** Figure 2 of the score of a listening test, the paper's wins beside where a model has one of its names, as SVG. */
export const drawWins = ({ models }: Pick<ListeningScore, 'models'>): string =>
  winsFigure(models.map(({ model, wins, comparisons }) => ({ model, wins, comparisons, paperShare: paperWinShare(model) })));

/** Figures 5 and 6 of the NDB of each row, as SVG. */
export const drawBins = (rows: readonly { readonly name: string; readonly ndb: Pick<Ndb, 'bins'> }[]): string =>
  binsFigure(rows.map(({ name, ndb: { bins } }) => ({ name, bins })));

/** The latency comparison, as SVG. */
export const drawLatency = (rows: readonly LatencyRow[]): string => latencyFigure(rows);
