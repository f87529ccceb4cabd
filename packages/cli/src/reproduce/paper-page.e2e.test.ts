// In a real browser: npm run test:browser
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { chromium, type Browser } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, inject, it } from 'vitest';
import { drawBins, drawLatency } from '../figures/of-scores.js';
import { report, result, smallLedger } from '../test-support/comparison.js';
import { scratch } from '../test-support/packed.js';
import { folders } from './folders.js';
import { paperPage } from './paper-page.js';
import { rows } from './rows.js';

declare module 'vitest' {
  interface ProvidedContext {
    chromium: string;
  }
}

/** A page as wide as it gets: every row, with intervals, and two figures. */
function wholePage(): string {
  const results = rows.map(({ id }, i) => {
    const scores = report(0.05 * i, 0.1 * i, [0.1, 0.2, 0.3]);
    return result(id, { ...scores, frechetDistance: { ...scores.frechetDistance, distance: 100 + i, bias: 30 } });
  });
  const bins = Array.from({ length: 20 }, (_, bin) => ({
    referenceProportion: 0.05,
    generatedProportion: 0.04 + 0.001 * bin,
    different: bin % 5 === 0,
  }));
  const drawn = rows.map(({ title }) => ({ name: title, ndb: { bins } })) as unknown as Parameters<typeof drawBins>[0];
  const times = rows.map(({ title }, i) => ({ model: title, backend: i % 2 ? 'wasm' : 'cpu', milliseconds: 10 ** (i % 5) }));
  const figures = [
    { name: 'bins', caption: 'Figures 5 and 6.', svg: drawBins(drawn) },
    { name: 'latency', caption: 'One note.', svg: drawLatency(times) },
  ];
  return paperPage({ ...smallLedger(), results }, figures, folders(scratch()));
}

/** Of a colour as browsers tell it, near enough: 0 for black, 1 for white. */
function luminance(colour: string): number {
  const [r = 0, g = 0, b = 0] = (colour.match(/[\d.]+/g) ?? []).map(Number);
  return (0.2126 * r + 0.7152 * g + 0.0722 * b) / 255;
}

describe('the page of a comparison', () => {
  let browser: Browser;
  let url: string;

  beforeAll(async () => {
    const file = join(scratch(), 'paper.html');
    writeFileSync(file, wholePage());
    url = pathToFileURL(file).href;
    const executablePath = inject('chromium');
    browser = await chromium.launch({
      ...(executablePath ? { executablePath } : {}),
      args: ['--headless', '--no-sandbox', '--disable-background-networking'],
    });
  });
  afterAll(() => browser?.close());

  it.each([
    [390, 'light'],
    [390, 'dark'],
    [1400, 'light'],
    [1400, 'dark'],
  ] as const)('fits %i pixels, %s, and can be read', async (width, colorScheme) => {
    const context = await browser.newContext({ viewport: { width, height: 900 }, colorScheme });
    const page = await context.newPage();
    const problems: string[] = [];
    page.on('pageerror', (error) => problems.push(error.message));
    page.on('console', (message) => message.type() === 'error' && problems.push(message.text()));
    await page.goto(url);
    const seen = await page.evaluate(() => {
      const root = document.documentElement;
      const { color, backgroundColor } = getComputedStyle(document.body);
      const labels = Array.from(document.querySelectorAll('svg text'), (text) => text.getBoundingClientRect().height);
      const table = document.querySelector('.intervals')!;
      return {
        overflow: root.scrollWidth - root.clientWidth,
        color,
        backgroundColor,
        smallestLabel: Math.min(...labels),
        tableFits: table.scrollWidth <= table.parentElement!.clientWidth,
      };
    });
    expect(problems).toEqual([]);
    // What is too wide moves within itself, the page does not.
    expect(seen.overflow).toBe(0);
    if (width === 1400) expect(seen.tableFits).toBe(true);
    const [ink, paper] = [luminance(seen.color), luminance(seen.backgroundColor)];
    expect(Math.abs(ink - paper)).toBeGreaterThan(0.6);
    expect([ink < paper, colorScheme]).toEqual([colorScheme === 'light', colorScheme]);
    // Text of eleven pixels is some eleven high; four or five, as figures squeezed into 350 pixels have it, cannot be read.
    expect(seen.smallestLabel).toBeGreaterThan(8);
    await context.close();
  });
});
