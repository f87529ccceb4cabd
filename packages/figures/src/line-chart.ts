import { figure } from './figure.js';
import type { Mark } from './marks.js';

export interface Series {
  readonly name: string;
  readonly points: readonly (readonly [x: number, y: number])[];
}

export interface LineChartOptions {
  readonly title: string;
  /** What x and y are, with their units. */
  readonly x: string;
  readonly y?: string | undefined;
  readonly width?: number | undefined;
  readonly height?: number | undefined;
  /** Dashed lines, each with a word: where stages begin. */
  readonly marks?: readonly { readonly x: number; readonly label: string }[] | undefined;
}

/** At most `most` points: means of neighbours, so that noise does not hide the course. */
function thinned(points: Series['points'], most: number): [number, number][] {
  const group = Math.ceil(points.length / most);
  const means: [number, number][] = [];
  for (let from = 0; from < points.length; from += group) {
    const some = points.slice(from, from + group);
    const mean = (index: 0 | 1): number => some.reduce((sum, point) => sum + point[index], 0) / some.length;
    means.push([mean(0), mean(1)]);
  }
  return means;
}

/**
 * Lines over a common axis, as SVG. Points that are no numbers are left out; the vertical range leaves out the most extreme percent.
 *
 * @returns '' if there is no point to draw
 */
export function lineChart(series: readonly Series[], options: LineChartOptions): string {
  const { title, x, y, width = 560, height = 210, marks = [] } = options;
  const drawn = series.map(({ name, points }) => ({
    name,
    points: thinned(
      points.filter(([, value]) => Number.isFinite(value)),
      300,
    ),
  }));
  const all = drawn.flatMap(({ points }) => points);
  if (all.length === 0) return '';
  const sorted = all.map(([, value]) => value).sort((a, b) => a - b);
  const quantile = (share: number): number => sorted[Math.round(share * (sorted.length - 1))]!;
  let [low, high] = [quantile(0.005), quantile(0.995)];
  if (high - low < 1e-9) [low, high] = [low - 0.5, high + 0.5];
  const [left, right] = [Math.min(...all.map(([at]) => at)), Math.max(...all.map(([at]) => at))];
  const lines = drawn.map(({ points }, colour): Mark => {
    const ys = points.map(([, value]) => Math.max(low, Math.min(high, value)));
    return { kind: 'line', x: points.map(([at]) => at), y: ys, colour };
  });
  const stages = marks
    .filter((mark) => mark.x >= left && mark.x <= right)
    .map((mark): Mark => ({ kind: 'rule', axis: 'x', at: mark.x, label: mark.label }));
  const spoken = drawn.flatMap(({ name, points }) => {
    const [first, last] = [points[0], points.at(-1)];
    return first && last ? [`${name} from ${first[1].toPrecision(3)} to ${last[1].toPrecision(3)}`] : [];
  });
  return figure({
    title,
    description: `Over ${x}: ${spoken.join('; ')}.`,
    width,
    heights: [height],
    rows: [
      [
        {
          x: { label: x, domain: left === right ? [left - 0.5, right + 0.5] : [left, right], grid: false },
          y: { label: y, domain: [low, high] },
          marks: [...stages, ...lines],
        },
      ],
    ],
    legend: drawn.length < 2 ? [] : drawn.map(({ name }, colour) => ({ name, colour, kind: 'line' as const })),
  });
}
