import { checkSome, checkValues } from '../errors.js';
import { figure } from '../figure.js';

/** A model of a listening test. */
export interface WinsRow {
  readonly model: string;
  /** Comparisons in which it was preferred. */
  readonly wins: number;
  /** In which it took part. */
  readonly comparisons: number;
  /** Share of its comparisons that it won in the paper, [0, 1], where it was there. */
  readonly paperShare?: number | undefined;
}

/**
 * Figure 2: how often each model was preferred, most often first; a share, so that tests of different sizes can be compared, with the number beside.
 *
 * @see Engel et al. 2019, figure 2
 */
export function winsFigure(
  rows: readonly WinsRow[],
  { title = 'Wins in the listening test' }: { readonly title?: string } = {},
): string {
  checkSome(rows, 'winsFigure: rows');
  checkValues(
    rows.flatMap(({ wins, comparisons }) => [wins, comparisons]),
    'winsFigure',
  );
  const sorted = [...rows].sort((a, b) => shareOf(b) - shareOf(a));
  const at = sorted.map((_, i) => i);
  const compared = sorted
    .map(({ paperShare }, i) => [i, paperShare] as const)
    .filter((one): one is [number, number] => one[1] !== undefined);
  return figure({
    title,
    description: sorted.map(({ model, wins, comparisons }) => `${model}: ${wins} of ${comparisons}`).join('; '),
    width: 640,
    heights: [60 + 26 * rows.length],
    rows: [
      [
        {
          x: { label: 'comparisons won, %', domain: [0, 100] },
          y: { domain: [rows.length - 0.5, -0.5], grid: false, ticks: sorted.map(({ model }, i) => ({ at: i, label: model })) },
          marks: [
            {
              kind: 'bars',
              along: 'x',
              at,
              from: 0,
              to: sorted.map((row) => 100 * shareOf(row)),
              width: 0.66,
              colours: [0],
              names: sorted.map(({ model, wins, comparisons }) => `${model}: ${wins} of ${comparisons}`),
              labels: sorted.map(({ wins }) => String(wins)),
              labelsAt: sorted.map((row) => 100 * Math.max(shareOf(row), row.paperShare ?? 0)),
            },
            ...(compared.length === 0
              ? []
              : [
                  {
                    kind: 'ticks' as const,
                    along: 'x' as const,
                    at: compared.map(([i]) => i),
                    to: compared.map(([, share]) => 100 * share),
                    width: 0.8,
                  },
                ]),
          ],
        },
      ],
    ],
    legend:
      compared.length === 0
        ? []
        : [
            { name: 'here, with the number of wins', colour: 0 },
            { name: 'in the paper', colour: 'ink', kind: 'tick' },
          ],
  });
}

const shareOf = ({ wins, comparisons }: WinsRow): number => (comparisons > 0 ? wins / comparisons : 0);
