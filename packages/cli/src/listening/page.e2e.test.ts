// In a real browser: npm run test:browser
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { parseAnswerSheet } from '@gansynth/metrics';
import { chromium, type Browser, type BrowserContext, type Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, inject, it } from 'vitest';
import { honest, smallTest } from '../test-support/listening.js';
import { scratch } from '../test-support/packed.js';
import type { TestKey } from './key.js';
import { scoreAnswers } from './score-answers.js';
import { serveTest, type ListeningServer } from './serve.js';

declare module 'vitest' {
  interface ProvidedContext {
    chromium: string;
  }
}

const ready = (page: Page): Promise<void> => page.locator('#answers:not(:disabled)').waitFor();

async function hearBoth(page: Page): Promise<void> {
  await page.keyboard.press('a');
  await page.locator('#play-a.heard').waitFor();
  await page.keyboard.press('b');
  await ready(page);
}

describe('the page of a listening test', () => {
  let folder: string;
  let key: TestKey;
  let browser: Browser;
  const problems: string[] = [];

  beforeAll(async () => {
    folder = join(scratch(), 'test');
    key = await smallTest(folder);
    const executablePath = inject('chromium');
    browser = await chromium.launch({
      ...(executablePath ? { executablePath } : {}),
      args: ['--headless', '--no-sandbox', '--disable-background-networking'],
    });
  });
  afterAll(() => browser?.close());

  async function visit(context: BrowserContext, url: string): Promise<Page> {
    const page = await context.newPage();
    page.setDefaultTimeout(60_000);
    page.on('pageerror', (error) => problems.push(error.message));
    page.on('console', (message) => message.type() === 'error' && problems.push(message.text()));
    await page.goto(url);
    return page;
  }

  const idNow = async (page: Page): Promise<string> => {
    const state = await page.evaluate((name) => localStorage.getItem(name), `gansynth-listening/${key.id}`);
    const { sheet, at } = JSON.parse(state!) as { sheet: number; at: number };
    return key.sheets[sheet - 1]![at]!;
  };

  /** Hears both sounds and answers, by keys alone. */
  async function answerByKeys(page: Page, answer: (id: string) => number): Promise<void> {
    const id = await idNow(page);
    await hearBoth(page);
    await page.keyboard.press(String(answer(id) + 3));
    await page.keyboard.press('Enter');
  }

  it('is gone through from disk by the keyboard, over a reload, to a file that scores', async () => {
    const context = await browser.newContext({ acceptDownloads: true });
    const url = `${pathToFileURL(join(folder, 'page', 'index.html')).href}#2`;
    let page = await visit(context, url);
    await page.getByRole('button', { name: 'Begin: 19 pairs' }).focus();
    await page.keyboard.press('Enter');
    // Nothing can be answered before both were heard.
    await page.keyboard.press('3');
    expect(await page.locator('#answers:disabled').count()).toBe(1);
    for (let i = 0; i < 7; i++) await answerByKeys(page, (id) => honest(key, id));
    // Another tab shows what is kept, also what was answered after it was opened.
    const other = await visit(context, url);
    await other.getByRole('button', { name: 'Go on: 7 of 19 answered' }).waitFor();
    await page.bringToFront();
    await answerByKeys(page, (id) => honest(key, id));
    await other.getByRole('button', { name: 'Go on: 8 of 19 answered' }).waitFor();
    await page.close();
    page = other;
    await page.reload();
    await page.getByRole('button', { name: 'Go on: 8 of 19 answered' }).click();
    await page.getByRole('heading', { name: 'Pair 9 of 19' }).waitFor();
    expect(await page.getByRole('progressbar').getAttribute('value')).toBe('8');
    for (let i = 8; i < 19; i++) await answerByKeys(page, (id) => honest(key, id));
    await page.getByRole('heading', { name: 'Thank you' }).waitFor();
    expect(await page.getByRole('button', { name: 'Somebody else on this device' }).isDisabled()).toBe(true);
    const [download] = await Promise.all([
      page.waitForEvent('download'),
      page.getByRole('button', { name: 'Save my answers as a file' }).click(),
    ]);
    const text = readFileSync((await download.path())!, 'utf8');
    const sheet = parseAnswerSheet(JSON.parse(text), 'download');
    expect(sheet).toMatchObject({ test: key.id, sheet: 2, revision: 19 });
    expect(Object.keys(JSON.parse(text) as object).sort()).toEqual([
      'answers',
      'format',
      'kind',
      'listener',
      'revision',
      'sheet',
      'test',
    ]);
    for (const { pair, answer } of sheet.answers) expect(answer, pair).toBe(honest(key, pair));
    // Somebody else begins with nothing.
    await page.getByRole('button', { name: 'Somebody else on this device' }).click();
    await page.getByRole('button', { name: 'Begin: 19 pairs' }).waitFor();
    await context.close();
  });

  it('has names for screen readers, and answers that change by the mouse', async () => {
    const context = await browser.newContext({ viewport: { width: 390, height: 800 } });
    const page = await visit(context, pathToFileURL(join(folder, 'page', 'index.html')).href);
    await page.getByLabel('Your sheet').fill('3');
    await page.getByRole('button', { name: /Begin/ }).click();
    expect(await page.locator('#trial').isHidden()).toBe(true);
    await page.getByLabel('Your sheet').fill('1');
    await page.getByRole('button', { name: /Begin/ }).click();
    await page.getByRole('group', { name: 'Which sound has the better audio quality?' }).waitFor();
    await page.getByRole('button', { name: 'A Play sound A' }).click();
    await page.getByRole('button', { name: 'Play sound A again' }).waitFor();
    await page.getByText('Listen to sound B').waitFor();
    await page.getByRole('button', { name: 'B Play sound B' }).click();
    await page.getByText('Choose an answer').waitFor();
    const next = page.getByRole('button', { name: 'Next pair' });
    expect(await next.isDisabled()).toBe(true);
    await page.getByRole('radio', { name: 'A is much better' }).check();
    await next.click();
    await page.getByRole('heading', { name: 'Pair 2 of' }).waitFor();
    await page.getByRole('button', { name: 'Previous pair' }).click();
    expect(await page.getByRole('radio', { name: 'A is much better' }).isChecked()).toBe(true);
    await page.getByRole('radio', { name: 'no difference' }).check();
    const state = JSON.parse((await page.evaluate((name) => localStorage.getItem(name), `gansynth-listening/${key.id}`))!) as {
      answers: Record<string, number>;
    };
    expect(state.answers).toEqual({ [key.sheets[0]![0]!]: 0 });
    expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBeLessThanOrEqual(390);
    await context.close();
  });

  it('gives answers to the server as they are made, also after it was away; who does not listen is found', async () => {
    let server: ListeningServer = await serveTest(folder, { port: 0 });
    const port = Number(new URL(server.url).port);
    const listen = async (answer: (id: string) => number, interrupt: boolean): Promise<void> => {
      const context = await browser.newContext();
      const page = await visit(context, server.url);
      await page.getByRole('button', { name: 'Begin: 19 pairs' }).click();
      for (let i = 0; i < 19; i++) {
        if (interrupt && i === 4) {
          await hearBoth(page);
          await server.close();
          await page.keyboard.press('3');
          await page.getByText('Not kept on the server yet').waitFor();
          server = await serveTest(folder, { port });
          await page.locator('#saving', { hasText: 'Your answers are kept on the server.' }).waitFor();
        }
        await answerByKeys(page, answer);
      }
      await page.getByText('There is nothing else to do.').waitFor();
      await page.waitForFunction(() => !(document.querySelector('#another') as HTMLButtonElement).disabled);
      await context.close();
    };
    await listen((id) => honest(key, id), true);
    problems.splice(0, problems.length, ...problems.filter((text) => !text.includes('ERR_CONNECTION_REFUSED')));
    await listen((id) => honest(key, id), false);
    await listen(() => -2, false);
    await server.close();
    const files = readdirSync(join(folder, 'answers')).map((name) => join(folder, 'answers', name));
    expect(files.length).toBe(3);
    const { score, unfinished } = scoreAnswers(key, files);
    expect(unfinished).toEqual([]);
    expect(score.catches.filter(({ failed }) => failed).length).toBe(1);
    expect(score.models.map(({ model, wins }) => [model, wins])).toEqual([
      ['clean', 20],
      ['hiss', 10],
      ['storm', 0],
    ]);
  });

  it('says that all is kept only while it is, and after a reload sends what is not', async () => {
    const server = await serveTest(folder, { port: 0 });
    const context = await browser.newContext();
    let page = await visit(context, server.url);
    await page.getByRole('button', { name: 'Begin: 19 pairs' }).click();
    for (let i = 0; i < 18; i++) await answerByKeys(page, (id) => honest(key, id));
    await page.locator('#saving', { hasText: 'Your answers are kept on the server.' }).waitFor();
    await hearBoth(page);
    await server.close();
    await page.keyboard.press('3');
    await page.keyboard.press('Enter');
    await page.getByRole('heading', { name: 'Thank you' }).waitFor();
    await page.getByText('Not kept on the server yet').waitFor();
    expect(await page.locator('#send').textContent()).toBe('Save your answers and send the file to whoever asked you.');
    // Closed, so that it is not this page that tries again.
    await page.close();
    problems.splice(0, problems.length, ...problems.filter((text) => !text.includes('ERR_CONNECTION_REFUSED')));
    const again = await serveTest(folder, { port: Number(new URL(server.url).port) });
    page = await visit(context, again.url);
    await page.locator('#saving', { hasText: 'Your answers are kept on the server.' }).waitFor();
    await page.getByRole('button', { name: 'Go on: 19 of 19 answered' }).click();
    await page.getByText('There is nothing else to do.').waitFor();
    await context.close();
    await again.close();
  });

  it('reports no error on its way', () => {
    expect(problems).toEqual([]);
  });
});
