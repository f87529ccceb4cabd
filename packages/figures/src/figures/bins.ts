import { checkSome, checkValues } from '../errors.js';
import { figure, type Panel } from '../figure.js';

/** What `ndb` of `@gansynth/metrics` says of one bin. */
export interface Bin {
  readonly referenceProportion: number;
  readonly generatedProportion: number;
  readonly different: boolean;
}

export interface BinsRow {
  readonly name: string;
  readonly bins: readonly Bin[];
}

/**
 * Figures 5 and 6: the share of notes in each bin, of a model over real ones; bins that differ by the test of proportions have another colour.
 * Bins stand in the order of their real shares, a row for each model.
 *
 * @see Engel et al. 2019, figures 5 and 6; Richardson and Weiss 2018
 */
export function binsFigure(rows: readonly BinsRow[], { title = 'Notes in each bin' }: { readonly title?: string } = {}): string {
  checkSome(rows, 'binsFigure: rows');
  for (const { name, bins } of rows) {
    checkSome(bins, `binsFigure: bins of ${name}`);
    checkValues(
      bins.flatMap(({ referenceProportion, generatedProportion }) => [referenceProportion, generatedProportion]),
      `binsFigure: ${name}`,
    );
  }
  return figure({
    title,
    description: rows
      .map(({ name, bins }) => `${name}: ${differing(bins)} of ${bins.length} bins differ from real notes`)
      .join('; '),
    width: 720,
    heights: rows.map((_, r) => (r === rows.length - 1 ? 156 : 124)),
    rows: rows.map(({ name, bins }, r) => [panelOf(name, bins, r === rows.length - 1)]),
    legend: [
      { name: 'real notes', colour: 'soft' },
      { name: 'as often as real', colour: 0 },
      { name: 'statistically different', colour: 1 },
    ],
  });
}

const differing = (bins: readonly Bin[]): number => bins.filter(({ different }) => different).length;

const percent = (share: number): string => `${(100 * share).toFixed(1)} %`;

function panelOf(name: string, bins: readonly Bin[], isLast: boolean): Panel {
  const sorted = [...bins].sort(
    (a, b) => b.referenceProportion - a.referenceProportion || b.generatedProportion - a.generatedProportion,
  );
  const at = sorted.map((_, i) => i + 1);
  const top = Math.max(
    ...sorted.flatMap(({ referenceProportion, generatedProportion }) => [referenceProportion, generatedProportion]),
  );
  return {
    title: `${name}: ${differing(bins)} of ${bins.length} differ`,
    x: {
      ...(isLast ? { label: 'bin, by its share of real notes' } : { ticks: [] }),
      domain: [0.4, bins.length + 0.6],
      grid: false,
    },
    y: { label: 'notes, %', domain: [0, 105 * (top || 0.01)] },
    marks: [
      {
        kind: 'bars',
        along: 'y',
        at,
        from: 0,
        to: sorted.map((bin) => 100 * bin.referenceProportion),
        width: 0.9,
        colours: ['soft'],
      },
      {
        kind: 'bars',
        along: 'y',
        at,
        from: 0,
        to: sorted.map((bin) => 100 * bin.generatedProportion),
        width: 0.45,
        colours: sorted.map(({ different }) => (different ? 1 : 0)),
        names: sorted.map(
          (bin, i) => `bin ${i + 1}: ${percent(bin.generatedProportion)}, real ${percent(bin.referenceProportion)}`,
        ),
      },
    ],
  };
}
