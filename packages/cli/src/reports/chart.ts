import { escapeHtml } from './html.js';

export interface Series {
  readonly name: string;
  readonly points: readonly (readonly [x: number, y: number])[];
}

export interface ChartOptions {
  readonly title: string;
  readonly width?: number;
  readonly height?: number;
  /** Vertical lines with a word at their top: where stages begin. */
  readonly marks?: readonly { readonly x: number; readonly label: string }[];
}

const colours = ['#2f6fdb', '#d9542b', '#2a9d61', '#9a4fc4', '#b8860b'];
const margin = { left: 52, right: 10, top: 30, bottom: 26 };

/** Steps of 1, 2 or 5 times a power of ten that cut a range into about four. */
function ticks(low: number, high: number): number[] {
  const rough = (high - low) / 4 || 1;
  const power = 10 ** Math.floor(Math.log10(rough));
  const step = [1, 2, 5, 10].find((factor) => factor * power >= rough)! * power;
  const first = Math.ceil(low / step);
  return Array.from({ length: Math.max(0, Math.floor(high / step) - first + 1) }, (_, i) => (first + i) * step);
}

const short = (value: number): string => {
  if (Math.abs(value) >= 1e6) return `${+(value / 1e6).toPrecision(3)}M`;
  if (Math.abs(value) >= 1e3) return `${+(value / 1e3).toPrecision(3)}k`;
  return String(+value.toPrecision(3));
};

const at = (value: number): string => value.toFixed(1);

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

/** Lines over a common axis, as SVG. The vertical range leaves out the most extreme percent. */
export function lineChart(series: readonly Series[], { title, width = 560, height = 200, marks = [] }: ChartOptions): string {
  const drawn = series.map(({ name, points }) => ({
    name,
    points: thinned(
      points.filter(([, y]) => Number.isFinite(y)),
      300,
    ),
  }));
  const all = drawn.flatMap(({ points }) => points);
  if (all.length === 0) return '';
  const ys = all.map(([, y]) => y).sort((a, b) => a - b);
  const quantile = (share: number): number => ys[Math.round(share * (ys.length - 1))]!;
  let [low, high] = [quantile(0.005), quantile(0.995)];
  if (high - low < 1e-9) [low, high] = [low - 0.5, high + 0.5];
  const [left, right] = [Math.min(...all.map(([x]) => x)), Math.max(...all.map(([x]) => x))];
  const x = (value: number): number =>
    margin.left + ((value - left) / (right - left || 1)) * (width - margin.left - margin.right);
  const y = (value: number): number =>
    height -
    margin.bottom -
    ((Math.max(low, Math.min(high, value)) - low) / (high - low)) * (height - margin.top - margin.bottom);
  const bottom = height - margin.bottom;
  const grid = ticks(low, high).map(
    (tick) =>
      `<line class="grid" x1="${margin.left}" x2="${width - margin.right}" y1="${at(y(tick))}" y2="${at(y(tick))}"/><text x="${margin.left - 6}" y="${at(y(tick) + 4)}" text-anchor="end">${short(tick)}</text>`,
  );
  const feet = ticks(left, right).map(
    (tick) => `<text x="${at(x(tick))}" y="${bottom + 17}" text-anchor="middle">${short(tick)}</text>`,
  );
  const stages = marks
    .filter((mark) => mark.x >= left && mark.x <= right)
    .map(
      (mark) =>
        `<line class="mark" x1="${at(x(mark.x))}" x2="${at(x(mark.x))}" y1="${margin.top}" y2="${bottom}"><title>${escapeHtml(mark.label)}</title></line>`,
    );
  const lines = drawn.map(
    ({ points }, i) =>
      `<polyline fill="none" stroke="${colours[i % colours.length]}" points="${points.map(([a, b]) => `${at(x(a))},${at(y(b))}`).join(' ')}"/>`,
  );
  let offset = margin.left + 8 * title.length + 14;
  const legend =
    drawn.length < 2
      ? []
      : drawn.map(({ name }, i) => {
          const text = `<text x="${offset}" y="16" style="fill:${colours[i % colours.length]}">${escapeHtml(name)}</text>`;
          offset += 7.2 * name.length + 16;
          return text;
        });
  const heading = `<text class="title" x="${margin.left}" y="16">${escapeHtml(title)}</text>`;
  return `<svg viewBox="0 0 ${width} ${height}" role="img" aria-label="${escapeHtml(title)}">${[heading, ...legend, ...grid, ...feet, ...stages, ...lines].join('')}</svg>`;
}
