// The page as it is published: built, served with the headers that servers give, in a real browser. npm run test:browser
import { createReadStream, existsSync, mkdtempSync, rmSync } from 'node:fs';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { extname, join } from 'node:path';
import { chromium, type Browser } from 'playwright-core';
import { build } from 'vite';
import { afterAll, beforeAll, describe, expect, inject, it } from 'vitest';

const types: Readonly<Record<string, string>> = {
  '.html': 'text/html',
  '.js': 'text/javascript',
  '.css': 'text/css',
  '.wasm': 'application/wasm',
};

/** A folder on a web server that gives every answer these headers. */
async function serve(folder: string, headers: Readonly<Record<string, string>>): Promise<Server> {
  const server = createServer((request, response) => {
    const path = join(folder, request.url === '/' ? 'index.html' : (request.url ?? ''));
    if (!existsSync(path)) return void response.writeHead(404).end();
    response.writeHead(200, { ...headers, 'Content-Type': types[extname(path)] ?? 'application/octet-stream' });
    createReadStream(path).pipe(response);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return server;
}

/** Of a page that may have shared memory. */
const isolated = { 'Cross-Origin-Opener-Policy': 'same-origin', 'Cross-Origin-Embedder-Policy': 'require-corp' };
/** Of a page that runs no code but its files. */
const strict = { 'Content-Security-Policy': "script-src 'self' 'wasm-unsafe-eval'" };

describe('the keyboard, built', () => {
  const folder = mkdtempSync(join(tmpdir(), 'gansynth-keyboard-'));
  let browser: Browser;
  beforeAll(async () => {
    await build({ root: import.meta.dirname, logLevel: 'error', build: { outDir: folder, emptyOutDir: true } });
    const executablePath = inject('chromium');
    browser = await chromium.launch({
      ...(executablePath ? { executablePath } : {}),
      args: ['--headless', '--no-sandbox', '--disable-background-networking', '--autoplay-policy=no-user-gesture-required'],
    });
  });
  afterAll(async () => {
    await browser?.close();
    rmSync(folder, { recursive: true, force: true });
  });

  /** Opens the page, waits until it can play, plays, and looks at what it shows. */
  async function play(headers: Readonly<Record<string, string>>) {
    const server = await serve(folder, headers);
    const page = await browser.newPage();
    // As long as a test may take: a busy machine takes its time to load, compute and draw.
    page.setDefaultTimeout(150_000);
    const problems: string[] = [];
    page.on('pageerror', (error) => problems.push(error.message));
    page.on('console', (message) => message.type() === 'error' && problems.push(message.text()));
    try {
      await page.goto(`http://127.0.0.1:${(server.address() as AddressInfo).port}/`);
      await page.waitForFunction(() => /ready|does not start/.test(document.querySelector('#status')?.textContent ?? ''));
      await page.keyboard.press('KeyD');
      const shown = (): Promise<number> =>
        page.evaluate(() => {
          const canvas = document.querySelector<HTMLCanvasElement>('#picture')!;
          const { data } = canvas.getContext('2d')!.getImageData(0, 0, canvas.width, canvas.height);
          return new Set(data).size;
        });
      await expect.poll(shown, { timeout: 150_000 }).toBeGreaterThan(50);
      return {
        status: await page.locator('#status').textContent(),
        computedOn: await page.locator('#status').getAttribute('title'),
        cores: await page.evaluate(() => navigator.hardwareConcurrency),
        isolated: await page.evaluate(() => crossOriginIsolated),
        problems,
      };
    } finally {
      await page.close();
      server.closeAllConnections();
      server.close();
    }
  }

  it('plays on all cores where the page is isolated', async () => {
    const { cores, computedOn, ...rest } = await play(isolated);
    expect(rest).toEqual({ status: 'ready', isolated: true, problems: [] });
    expect(computedOn).toBe(cores > 1 ? `${cores} threads` : '1 processor available, all asked for');
  });

  it('plays, and draws, where no text may become code', async () => {
    const { cores: _cores, ...rest } = await play(strict);
    expect(rest).toEqual({
      status: 'ready',
      isolated: false,
      computedOn: 'no SharedArrayBuffer here (a web page must be cross-origin isolated)',
      problems: [],
    });
  });

  it('plays on all cores under both, if helpers may be made of what is there, else on one thread', async () => {
    const helpers = { 'Content-Security-Policy': `${strict['Content-Security-Policy']}; worker-src 'self' blob:` };
    const { cores, ...allowed } = await play({ ...isolated, ...helpers });
    expect(allowed).toMatchObject({ status: 'ready', isolated: true, problems: [] });
    const { computedOn, status } = await play({ ...isolated, ...strict });
    expect(status).toBe('ready');
    if (cores < 2) return;
    expect(allowed.computedOn).toBe(`${cores} threads`);
    expect(computedOn).toMatch(/^preparing the threads failed: .*worker-src blob:/);
  });
});
