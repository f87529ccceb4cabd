import { checkSome, FigureError } from '../errors.js';
import { figure } from '../figure.js';
import type { Mark } from '../marks.js';

/** How long one note takes. */
export interface LatencyRow {
  readonly model: string;
  /** What computed: "wasm", "tensorflow". */
  readonly backend: string;
  readonly milliseconds: number;
}

/** The paper's four seconds of sound on a Titan X: its GAN in 20 ms, its WaveNet in 1,077,530 ms (53,880 times as long). */
export const paperLatencies: readonly LatencyRow[] = [
  { model: 'GAN (paper)', backend: 'paper', milliseconds: 20 },
  { model: 'WaveNet (paper)', backend: 'paper', milliseconds: 1_077_530 },
];

/** "3.2 ms", "18 min" */
export function duration(milliseconds: number): string {
  if (milliseconds < 1000) return `${+milliseconds.toPrecision(3)} ms`;
  if (milliseconds < 60_000) return `${+(milliseconds / 1000).toPrecision(3)} s`;
  if (milliseconds < 3_600_000) return `${+(milliseconds / 60_000).toPrecision(3)} min`;
  return `${+(milliseconds / 3_600_000).toPrecision(3)} h`;
}

/**
 * Latency: how long one note takes with each model on each backend, on a logarithmic axis, beside the paper's two.
 *
 * @see Engel et al. 2019, section 6 (fast generation)
 */
export function latencyFigure(
  rows: readonly LatencyRow[],
  { title = 'Time for one note' }: { readonly title?: string } = {},
): string {
  checkSome(rows, 'latencyFigure: rows');
  const wrong = rows.find(({ milliseconds }) => !(milliseconds > 0 && Number.isFinite(milliseconds)));
  if (wrong)
    throw new FigureError(`latencyFigure: expected milliseconds above 0, found ${wrong.milliseconds} of ${wrong.model}.`, wrong);
  const all = [...rows, ...paperLatencies];
  const backends = [...new Set(rows.map(({ backend }) => backend))];
  const times = all.map(({ milliseconds }) => milliseconds);
  const [low, high] = [10 ** Math.floor(Math.log10(Math.min(...times) * 0.9)), 10 * Math.max(...times)];
  const bars: Mark = {
    kind: 'bars',
    along: 'x',
    at: all.map((_, i) => i),
    from: low,
    to: times,
    width: 0.66,
    colours: all.map(({ backend }) => (backend === 'paper' ? 'soft' : backends.indexOf(backend))),
    names: all.map(({ model, backend, milliseconds }) => `${model}, ${backend}: ${duration(milliseconds)}`),
    labels: times.map(duration),
  };
  return figure({
    title,
    description: all
      .map(
        ({ model, backend, milliseconds }) => `${model}${backend === 'paper' ? '' : ` on ${backend}`}: ${duration(milliseconds)}`,
      )
      .join('; '),
    width: 680,
    heights: [60 + 26 * all.length],
    rows: [
      [
        {
          x: { label: 'time for one note', domain: [low, high], log: true, ticks: roundTicks(low, high) },
          y: { domain: [all.length - 0.5, -0.5], grid: false, ticks: all.map(({ model }, i) => ({ at: i, label: model })) },
          marks: [bars],
        },
      ],
    ],
    legend: [...backends.map((name, colour) => ({ name, colour })), { name: 'published', colour: 'soft' as const }],
  });
}

/** Round times, as people say them. */
const round = [0.01, 0.1, 1, 10, 100, 1000, 10_000, 60_000, 600_000, 3_600_000, 36_000_000, 360_000_000];

const roundTicks = (low: number, high: number): { at: number; label: string }[] =>
  round.filter((at) => at >= low && at <= high).map((at) => ({ at, label: duration(at) }));
