// In a real browser: npm run test:browser
import { trackPitch } from '@gansynth/metrics';
import { chromium, type Browser, type Page } from 'playwright-core';
import { createServer, type ViteDevServer } from 'vite';
import { afterAll, beforeAll, describe, expect, inject, it } from 'vitest';

declare module 'vitest' {
  interface ProvidedContext {
    chromium: string;
  }
}

interface Played {
  readonly sampleRate: number;
  readonly samples: number[];
}

function pitchOf({ samples, sampleRate }: Played): number {
  const { freeHertz } = trackPitch(Float32Array.from(samples), { sampleRate, pitch: 60 });
  return 69 + 12 * Math.log2(freeHertz! / 440);
}

describe('the keyboard', () => {
  let server: ViteDevServer;
  let browser: Browser;
  let page: Page;
  const problems: string[] = [];

  beforeAll(async () => {
    server = await createServer({ root: import.meta.dirname, logLevel: 'error', server: { host: '127.0.0.1' } });
    await server.listen();
    const executablePath = inject('chromium');
    browser = await chromium.launch({
      ...(executablePath ? { executablePath } : {}),
      args: ['--headless', '--no-sandbox', '--disable-background-networking', '--autoplay-policy=no-user-gesture-required'],
    });
    page = await browser.newPage();
    // As long as a test may take: the first visit to a development server, on a busy machine, is slow.
    page.setDefaultTimeout(150_000);
    page.on('pageerror', (error) => problems.push(error.message));
    page.on('response', (response) => response.status() >= 400 && problems.push(`${response.status()} ${response.url()}`));
    // What is played, as the loudspeaker gets it.
    await page.addInitScript(() => {
      const played: Played[] = [];
      Object.assign(globalThis, { played });
      const { start } = AudioBufferSourceNode.prototype;
      AudioBufferSourceNode.prototype.start = function (...when) {
        const buffer = this.buffer!;
        played.push({ sampleRate: buffer.sampleRate, samples: [...buffer.getChannelData(0)] });
        start.apply(this, when);
      };
    });
    await page.goto(server.resolvedUrls!.local[0]!);
  });
  afterAll(async () => {
    await browser?.close();
    await server?.close();
  });

  const allReady = (): Promise<unknown> => page.waitForFunction(() => document.querySelector('#status')?.textContent === 'ready');
  const played = (): Promise<Played[]> => page.evaluate(() => (globalThis as unknown as { played: Played[] }).played.splice(0));

  it('computes four octaves, and plays them by letters and by clicks', async () => {
    await allReady();
    expect(await page.locator('#piano .ready').count()).toBe(49);
    await page.keyboard.press('KeyD'); // E3
    await page.getByRole('button', { name: 'A4' }).click();
    expect((await played()).map((note) => Math.round(pitchOf(note)))).toEqual([52, 69]);
  });

  it('plays the key that has the focus by Enter and Space', async () => {
    const key = page.getByRole('button', { name: 'C4' });
    await key.focus();
    await page.keyboard.press('Enter');
    await page.keyboard.press('Space');
    expect((await played()).map((note) => Math.round(pitchOf(note)))).toEqual([60, 60]);
    expect(await key.getAttribute('class')).not.toContain('down');
  });

  it('has the letters on its keys, where they play', async () => {
    const letters = (): Promise<string[]> => page.locator('#piano kbd').allTextContents();
    expect((await letters()).join('')).toBe('AWSEDFTGYHUJKOLP');
    for (let more = 0; more < 4; more++) await page.keyboard.press('KeyX');
    expect((await letters()).slice(36).join('')).toBe('AWSEDFTGYHUJK');
    await page.keyboard.press('KeyA');
    expect((await played()).map((note) => Math.round(pitchOf(note)))).toEqual([72]);
    for (let less = 0; less < 4; less++) await page.keyboard.press('KeyZ');
    await page.keyboard.press('KeyA');
    expect((await played()).map((note) => Math.round(pitchOf(note)))).toEqual([36]);
    await page.keyboard.press('KeyX');
  });

  it('has keys that a finger hits on a small screen, and nothing beside it scrolls', async () => {
    const before = page.viewportSize()!;
    await page.setViewportSize({ width: 390, height: 800 });
    const widths = await page
      .locator('#piano button')
      .evaluateAll((keys) => keys.map((key) => key.getBoundingClientRect().width));
    expect(Math.min(...widths)).toBeGreaterThanOrEqual(24);
    expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBeLessThanOrEqual(390);
    await page.getByRole('button', { name: 'C5' }).click();
    expect((await played()).map((note) => Math.round(pitchOf(note)))).toEqual([72]);
    await page.setViewportSize(before);
  });

  it('sounds softer or harder, not only louder, by where a key is struck', async () => {
    const key = page.getByRole('button', { name: 'C4' });
    const { width, height } = (await key.boundingBox())!;
    for (const y of [0.05, 0.95]) await key.click({ position: { x: width / 2, y: height * y } });
    const [soft, hard] = await played();
    expect(soft!.samples).not.toEqual(hard!.samples);
    expect([soft!, hard!].map((note) => Math.round(pitchOf(note)))).toEqual([60, 60]);
  });

  it('plays another timbre after another choice, and shows it', async () => {
    const picture = (): Promise<string> =>
      page.evaluate(() => document.querySelector<HTMLCanvasElement>('#picture')!.toDataURL());
    await page.keyboard.press('KeyD');
    const [before] = await played();
    const pictureBefore = await picture();
    await page.locator('#to').getByRole('button', { name: 'flute' }).click();
    await allReady();
    await page.keyboard.press('KeyD');
    const [after] = await played();
    expect(after?.samples).not.toEqual(before?.samples);
    expect(Math.round(pitchOf(after!))).toBe(52);
    await expect.poll(picture, { timeout: 150_000 }).not.toBe(pictureBefore);
  });

  it('reports no error on its way', () => {
    expect(problems).toEqual([]);
  });
});
