import { decode } from 'fast-png';
import { describe, expect, it } from 'vitest';
import {
  binsFigure,
  coherenceFigure,
  encodePng,
  figure,
  FigureError,
  heatMap,
  latencyFigure,
  lineChart,
  phasesFigure,
  type Picture,
  winsFigure,
} from './index.js';
import { extent, scaleOf, ticksOf } from './scale.js';
import { bins, examples, picture } from './test-support/examples.js';

/** Attributes of every element of a kind. */
const all = (svg: string, tag: string): Record<string, string>[] =>
  [...svg.matchAll(new RegExp(`<${tag} ([^>]*?)/?>`, 'g'))].map(([, attributes = '']) =>
    Object.fromEntries([...attributes.matchAll(/([\w-]+)="([^"]*)"/g)].map(([, key = '', value = '']) => [key, value])),
  );
const filled = (svg: string, colour: string): Record<string, string>[] =>
  all(svg, 'rect').filter((rect) => rect['class'] === colour);
const classes = (elements: readonly Record<string, string>[]): string[] => elements.map((one) => one['class']!);
const texts = (svg: string): string[] => [...svg.matchAll(/<text[^>]*>([^<]*)<\/text>/g)].map(([, text]) => text!);
const pixel = ({ data, shape: [, width = 0] }: Picture, y: number, x: number): number[] =>
  Array.from(data.subarray(4 * (y * width + x), 4 * (y * width + x) + 3));

const brightness = (y: number, x: number): number => pixel(picture, y, x).reduce((sum, value) => sum + value, 0);
const labels = (domain: readonly [number, number], log = false): string[] => ticksOf({ domain, log }).map(({ label }) => label);

describe.each(Object.entries(examples))('the figure %s', (_, make) => {
  const svg = make();

  it('has a title and a description that are read out, and names its axes', () => {
    const [root] = all(svg, 'svg');
    expect(root).toMatchObject({ role: 'img' });
    expect(svg).toMatch(new RegExp(`<title id="${root!['aria-labelledby']}">[^<]+</title>`));
    expect(svg).toMatch(new RegExp(`<desc id="${root!['aria-describedby']}">[^<]{10,}</desc>`));
    expect(texts(svg).length).toBeGreaterThan(3);
  });

  it('needs nothing outside itself, in no colour scheme', () => {
    const outside = [...svg.matchAll(/(?:href|src)="([^"]{0,12})/g)].map(([, to]) => to!).filter((to) => !to.startsWith('data:'));
    expect(outside).toEqual([]);
    expect(svg.replace('http://www.w3.org/2000/svg', '')).not.toContain('http');
    expect(svg).toContain('prefers-color-scheme:dark');
    expect(svg).toContain('class="paper"');
  });

  it('holds no number that is none, and closes what it opens', () => {
    expect(svg).not.toMatch(/NaN|Infinity|undefined/);
    const open: string[] = [];
    for (const [, close, tag, self] of svg.matchAll(/<(\/?)([a-zA-Z]+)(?:\s[^>]*?)?(\/?)>/g)) {
      if (close) expect(open.pop()).toBe(tag);
      else if (!self) open.push(tag!);
    }
    expect(open).toEqual([]);
  });

  it('stays within its frame', () => {
    const [, , width = 0, height = 0] = all(svg, 'svg')[0]!['viewBox']!.split(' ').map(Number);
    for (const rect of all(svg, 'rect')) {
      expect(Number(rect['x'] ?? 0)).toBeGreaterThanOrEqual(0);
      expect(Number(rect['x'] ?? 0) + Number(rect['width'])).toBeLessThanOrEqual(width + 0.1);
      expect(Number(rect['y'] ?? 0) + Number(rect['height'])).toBeLessThanOrEqual(height + 0.1);
    }
  });
});

describe('winsFigure', () => {
  it('puts the most wins on top, bars as long as shares, and the paper beside', () => {
    const svg = examples['wins']!();
    const [first, second] = filled(svg, 'f0').slice(-2);
    expect(Number(first!['y'])).toBeLessThan(Number(second!['y']));
    expect(Number(first!['width']) / Number(second!['width'])).toBeCloseTo(3, 1);
    expect(texts(svg).indexOf('real')).toBeLessThan(texts(svg).indexOf('IF &amp; &lt;H&gt; &quot;mel&quot;'));
    expect(texts(svg)).toContain('real');
    const [tick] = all(svg, 'line')
      .filter((line) => line['class'] === 'ink bold')
      .slice(-1);
    const [from, share] = [Number(first!['x']), Number(first!['width']) / 0.75];
    expect((Number(tick!['x1']) - from) / share).toBeCloseTo(0.7, 2);
  });
});

describe('binsFigure', () => {
  it('orders bins by real shares and colours those that differ', () => {
    const svg = binsFigure([{ name: 'x', bins }]);
    const real = filled(svg, 'soft')
      .slice(-3)
      .map((rect) => Number(rect['height']));
    expect(real[0]! / real[2]!).toBeCloseTo(6, 0);
    expect(real).toEqual(real.toSorted((a, b) => b - a));
    expect([filled(svg, 'f0').length, filled(svg, 'f1').length]).toEqual([2, 3]);
    expect(texts(svg)).toContain('x: 2 of 3 differ');
  });
});

describe('latencyFigure', () => {
  it('has a logarithmic axis, and the published times below', () => {
    const svg = latencyFigure([
      { model: 'a', backend: 'wasm', milliseconds: 200 },
      { model: 'b', backend: 'wasm', milliseconds: 2000 },
    ]);
    const ends = [...filled(svg, 'f0').slice(-2), ...filled(svg, 'soft').slice(-2)].map(
      (rect) => Number(rect['x']) + Number(rect['width']),
    );
    const decade = ends[1]! - ends[0]!;
    expect((ends[0]! - ends[2]!) / decade).toBeCloseTo(1, 1);
    expect((ends[3]! - ends[2]!) / decade).toBeCloseTo(Math.log10(1_077_530 / 20), 1);
    expect(texts(svg)).toEqual(expect.arrayContaining(['200 ms', '2 s', '18 min', 'WaveNet (paper)']));
  });
});

describe('heatMap', () => {
  it('has columns to the right and rows upwards, dark to bright', () => {
    expect(picture.shape).toEqual([4, 3, 4]);
    expect(brightness(3, 0)).toBeLessThan(brightness(0, 0));
    expect(brightness(0, 0)).toBeLessThan(brightness(3, 1));
    expect(brightness(3, 1)).toBeLessThan(brightness(0, 2));
  });

  it('gives both ends of the circle one colour, and nothing what weighs nothing', () => {
    const drawn = heatMap([-1, 1, 0, 0], [4, 1], { range: [-1, 1], colours: 'angle', weights: [1, 1, 1, 0] });
    expect(pixel(drawn, 0, 0)).toEqual(pixel(drawn, 0, 1));
    expect(pixel(drawn, 0, 2)).not.toEqual(pixel(drawn, 0, 0));
    expect(pixel(drawn, 0, 3)).toEqual([0, 0, 0]);
  });

  it('refuses ranges and values that are none', () => {
    const colours = 'level' as const;
    expect(() => heatMap([1, 2], [2, 1], { range: [3, 3], colours })).toThrow(/two different ends, found 3 and 3/);
    expect(() => heatMap([1, 2], [2, 1], { range: [0, Number.NaN], colours })).toThrow(FigureError);
    expect(() => heatMap([1, Number.NaN], [2, 1], { range: [0, 1], colours })).toThrow(
      /2 x 1: expected finite .* NaN at position 1/,
    );
    expect(() => heatMap([1], [2, 1], { range: [0, 1], colours })).toThrow(/2 x 1: expected 2 values, found 1/);
    expect(() => heatMap([1, 2], [2, 1], { range: [0, 1], colours, weights: [1] })).toThrow(
      /weights: expected 2 values, found 1/,
    );
  });

  it('survives PNG', () => {
    const { width, height, data } = decode(encodePng(picture));
    expect([width, height, Array.from(data)]).toEqual([3, 4, Array.from(picture.data)]);
  });
});

describe('axes', () => {
  it('have round ticks, and ends wherever they are', () => {
    expect(labels([0, 1])).toEqual(['0', '0.5', '1']);
    expect(labels([-0.3, 0.31])).toEqual(['\u22120.2', '0', '0.2']);
    expect(labels([0, 90_000])).toEqual(['0', '50k']);
    expect(labels([1, 1000], true)).toEqual(['1', '10', '100', '1000']);
    expect(scaleOf({ domain: [10, 0] }, [0, 100])(2.5)).toBe(75);
    expect(scaleOf({ domain: [1, 100], log: true }, [0, 2])(10)).toBeCloseTo(1, 12);
    expect(extent([2, 2])).toEqual([1.5, 2.5]);
  });

  it('refuse ranges that are none', () => {
    const panel = { x: { domain: [0, 1] as const }, y: { domain: [1, 1] as const }, marks: [] };
    const options = { title: 'x', description: 'y' };
    expect(() => figure({ ...options, rows: [[panel]] })).toThrow(/axis: expected two different ends, found 1 and 1/);
    expect(() => figure({ ...options, rows: [[{ ...panel, y: { domain: [0, 1], log: true } }]] })).toThrow(/above 0/);
    expect(() => figure({ ...options, rows: [[{ ...panel, y: { domain: [0, 1] } }]], width: 20 })).toThrow(/room for each panel/);
    expect(() => figure({ ...options, rows: [] })).toThrow(FigureError);
  });
});

describe('the legend', () => {
  it('has every colour as the marks have it', () => {
    const colours = [1, 'ink', 'soft'] as const;
    const [x, y] = [
      [0, 1],
      [0, 1],
    ];
    const svg = figure({
      title: 'x',
      description: 'y',
      rows: [
        [
          {
            x: { domain: [0, 1], ticks: [] },
            y: { domain: [0, 1], ticks: [] },
            marks: colours.flatMap((colour) => [
              { kind: 'line', x, y, colour, weight: 'bold' },
              { kind: 'dots', x, y, colour },
            ]),
          },
        ],
      ],
      legend: colours.flatMap((colour) => [
        { name: 'line', colour, kind: 'line' },
        { name: 'dots', colour },
      ]),
    });
    expect(classes(all(svg, 'line'))).toEqual(['bold s1', 'bold ink', 'bold grid']);
    expect(classes(all(svg, 'path'))).toEqual(['line s1 bold', 'line ink bold', 'line grid bold']);
    const boxes = classes(all(svg, 'rect').filter(({ width }) => width === '12'));
    expect(boxes).toEqual(['f1', 'inkfill', 'soft']);
    expect(classes(all(svg, 'circle'))).toEqual(boxes.flatMap((box) => [box, box]));
  });
});

describe('titles of panels', () => {
  const panel = (title?: string) => ({ ...(title === undefined ? {} : { title }), x: axis, y: axis, marks: [] });
  const axis = { domain: [0, 1] as const, ticks: [] };
  const draw = (...titles: (string | undefined)[]) => {
    const svg = figure({ title: 't', description: 'd', rows: [titles.map(panel)], width: 408 });
    const texts = [...svg.matchAll(/<text class="title" x="([\d.]+)" y="([\d.]+)">([^<]*)/g)];
    return { lines: texts.map(([, , , line]) => line), lowest: Math.max(...texts.map(([, , y]) => Number(y))), svg };
  };
  const long = 'a name of many words, more than there is room for beside another';

  it('are set in lines where the next panel or the edge is nearer than their end, and the row grows by them', () => {
    const [short, wrapped, edge] = [draw('a', 'b'), draw(long, 'b'), draw('a', long)];
    expect(short.lines).toEqual(['a', 'b']);
    for (const { lines, svg, lowest } of [wrapped, edge]) {
      const own = lines.filter((line) => line !== 'a' && line !== 'b');
      expect(own.join(' ')).toBe(long);
      expect(own.length).toBeGreaterThan(1);
      for (const line of own) expect(line!.length * 6.7).toBeLessThan(200);
      const grown = 16 * (own.length - 1);
      expect(heightOf(svg) - heightOf(short.svg)).toBe(grown);
      expect(lowest - short.lowest).toBe(grown);
    }
  });

  it('reach over panels that have none, and stay whole where a word has no room', () => {
    const across = 'a name over two panels, as it is';
    expect(draw(across, undefined).lines).toEqual([across]);
    const word = 'x'.repeat(60);
    expect(draw(word, 'b').lines).toEqual([word, 'b']);
  });
});

const heightOf = (svg: string): number => Number(/viewBox="0 0 \d+ ([\d.]+)"/.exec(svg)![1]);

describe('figures', () => {
  it('refuse data that cannot be drawn, by name', () => {
    expect(() => winsFigure([])).toThrow(/winsFigure: rows: expected at least one, found none/);
    expect(() => winsFigure([{ model: 'a', wins: Number.NaN, comparisons: 1 }])).toThrow(
      /winsFigure: expected finite numbers, found NaN/,
    );
    expect(() => latencyFigure([{ model: 'a', backend: 'b', milliseconds: 0 }])).toThrow(/above 0, found 0 of a/);
    const note = { name: 'a', picture, seconds: 1, folded: { position: [0], cycle: [0], value: [1, 2] } };
    expect(() => coherenceFigure([note])).toThrow(/a: expected 1 values, found 2/);
    expect(() => encodePng({ data: new Uint8ClampedArray(4), shape: [2, 2, 4] })).toThrow(/found \[2, 2, 4\] of 4 values/);
    const data = { name: '', sampleRate: 1, hop: 1, waveform: [], start: 0, cycles: [], frames: 1, bins: 1 };
    expect(() => phasesFigure({ ...data, partials: [], logMagnitude: [], wrapped: [], unwrapped: [], frequency: [] })).toThrow(
      /partials/,
    );
  });

  it('say aloud where each line begins and ends, of those that there are', () => {
    const series = [
      { name: 'a', points: [[0, 1] as const, [1, 2] as const] },
      { name: 'b', points: [[0, 30] as const, [1, 40] as const] },
      { name: 'c', points: [] },
    ];
    expect(lineChart(series, { title: 't', x: 'steps' })).toContain(
      '>Over steps: a from 1.00 to 2.00; b from 30.0 to 40.0.</desc>',
    );
  });

  it('draw no lines of nothing', () => {
    expect(lineChart([{ name: 'a', points: [[0, Number.NaN]] }], { title: 'a', x: 'b' })).toBe('');
    expect(lineChart([{ name: 'a', points: [[5, 1]] }], { title: 'a', x: 'b' })).toContain('<svg');
  });
});
