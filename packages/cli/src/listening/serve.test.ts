import { mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { sheetOf, smallTest } from '../test-support/listening.js';
import { scratch } from '../test-support/packed.js';
import type { TestKey } from './key.js';
import { serveTest, type ListeningServer } from './serve.js';

describe('serveTest', () => {
  let folder: string;
  let key: TestKey;
  let server: ListeningServer;
  beforeAll(async () => {
    folder = scratch();
    key = await smallTest(folder);
    server = await serveTest(folder, { port: 0 });
  });
  afterAll(() => server.close());

  const post = (body: string, type = 'application/json'): Promise<Response> =>
    fetch(new URL('answers', server.url), { method: 'POST', headers: { 'content-type': type }, body });

  it('is for this machine alone, and gives the page and its sounds', async () => {
    expect(server.url).toMatch(/^http:\/\/127\.0\.0\.1:\d+\/$/);
    const page = await fetch(server.url);
    expect([page.status, page.headers.get('content-type')]).toEqual([200, 'text/html; charset=utf-8']);
    const sound = await fetch(new URL(`sounds/${key.sounds[0]!.file}`, server.url));
    expect(Buffer.from(await sound.arrayBuffer())).toEqual(readFileSync(join(folder, 'page', 'sounds', key.sounds[0]!.file)));
  });

  it('gives the part of a sound that is asked for, as Safari does before it plays', async () => {
    const { file } = key.sounds[0]!;
    const whole = readFileSync(join(folder, 'page', 'sounds', file));
    const size = whole.length;
    const ask = (headers: Record<string, string>, method = 'GET'): Promise<Response> =>
      fetch(new URL(`sounds/${file}`, server.url), { headers, method });
    const parts: [string, number, number][] = [
      ['bytes=0-1', 0, 2],
      ['bytes=100-', 100, size],
      [`bytes=10-${size + 10}`, 10, size],
      ['bytes=-44', size - 44, size],
      [`bytes=-${size + 1}`, 0, size],
    ];
    for (const [range, from, to] of parts) {
      const reply = await ask({ range });
      expect([reply.status, reply.headers.get('content-range'), reply.headers.get('content-length')], range).toEqual([
        206,
        `bytes ${from}-${to - 1}/${size}`,
        String(to - from),
      ]);
      expect(Buffer.from(await reply.arrayBuffer()), range).toEqual(whole.subarray(from, to));
    }
    for (const range of [`bytes=${size}-`, 'bytes=-0']) {
      const reply = await ask({ range });
      expect([reply.status, reply.headers.get('content-range')], range).toEqual([416, `bytes */${size}`]);
    }
    // What may be ignored: several parts, other units, part of what it was before.
    const others = [{}, { range: 'bytes=0-1,5-6' }, { range: 'notes=0-1' }, { range: 'bytes=5-1' }, { range: 'bytes=-' }];
    for (const headers of [...others, { range: 'bytes=0-1', 'if-range': '"before"' }]) {
      const reply = await ask(headers);
      const { status } = reply;
      expect([status, reply.headers.get('content-length'), reply.headers.get('accept-ranges')]).toEqual([
        200,
        String(size),
        'bytes',
      ]);
      expect(Buffer.from(await reply.arrayBuffer())).toEqual(whole);
    }
    const head = await ask({ range: 'bytes=0-1' }, 'HEAD');
    expect([head.status, head.headers.get('content-length')]).toEqual([200, String(size)]);
  });

  it('gives nothing else of the folder', async () => {
    for (const path of ['test.json', '../test.json', '%2e%2e/test.json', 'sounds/', 'answers', 'sounds/..%2f..%2ftest.json']) {
      const { status } = await fetch(`${server.url}${path}`);
      expect(status, path).toBe(404);
    }
  });

  it('hands the sheets out in turn', async () => {
    const sheets: number[] = [];
    for (let i = 0; i < 4; i++)
      sheets.push(((await (await fetch(new URL('sheet', server.url))).json()) as { sheet: number }).sheet);
    expect(sheets.sort()).toEqual([1, 1, 2, 2]);
  });

  it('keeps answers before it says so, the latest of a listener, also of many at once', async () => {
    const whole = sheetOf(key, 1, 'listener1');
    const upTo = (count: number): string => JSON.stringify({ ...whole, revision: count, answers: whole.answers.slice(0, count) });
    const order = [3, 1, whole.answers.length, 2, 5];
    const replies = await Promise.all([
      ...order.map((count) => post(upTo(count))),
      post(JSON.stringify(sheetOf(key, 2, 'listener2'))),
    ]);
    expect(replies.map(({ status }) => status)).toEqual(replies.map(() => 200));
    expect(readdirSync(join(folder, 'answers')).sort()).toEqual(['listener1.json', 'listener2.json']);
    expect(JSON.parse(readFileSync(join(folder, 'answers', 'listener1.json'), 'utf8'))).toEqual(whole);
    // One that comes late, after a new start of the server too.
    await server.close();
    server = await serveTest(folder, { port: 0 });
    expect(await (await post(upTo(2))).json()).toEqual({ kept: whole.revision });
    expect(JSON.parse(readFileSync(join(folder, 'answers', 'listener1.json'), 'utf8'))).toEqual(whole);
  });

  it('refuses what is no answer, and keeps none of it', async () => {
    const sheet = sheetOf(key, 1, 'listener3');
    const refused: [string, number, RegExp][] = [
      ['{', 400, /JSON/],
      [JSON.stringify({ ...sheet, test: 'another' }), 400, /expected answers of the test/],
      [JSON.stringify({ ...sheet, listener: '../../evil' }), 400, /"listener"/],
      [JSON.stringify({ ...sheet, answers: [{ pair: 'pair-1', answer: 9 }] }), 400, /-2 \.\.\. 2/],
      [' '.repeat(1_100_000), 413, /at most/],
    ];
    for (const [body, status, message] of refused) {
      const reply = await post(body);
      expect([reply.status, await reply.text()]).toEqual([status, expect.stringMatching(message) as string]);
    }
    expect((await post(JSON.stringify(sheet), 'text/plain')).status).toBe(415);
    expect((await fetch(server.url, { method: 'DELETE' })).status).toBe(405);
    expect(readdirSync(join(folder, 'answers')).sort()).toEqual(['listener1.json', 'listener2.json']);
  });

  it('says which port is taken, and does not begin over damaged answers', async () => {
    await expect(serveTest(folder, { port: Number(new URL(server.url).port) })).rejects.toThrow(/EADDRINUSE.*--port/);
    const other = scratch();
    await smallTest(other);
    mkdirSync(join(other, 'answers'));
    writeFileSync(join(other, 'answers', 'abcdefgh.json'), '{"kind":');
    await expect(serveTest(other, { port: 0 })).rejects.toThrow(/abcdefgh\.json: expected JSON/);
    for (const [wrong, message] of [
      [{ sheet: 9 }, /abcdefgh\.json: expected answers to sheets 1 to 2 of the test, found sheet 9/],
      [{ test: 'another' }, /abcdefgh\.json: expected answers of the test .*, found answers of the test another/],
    ] as const) {
      const sheet = { ...sheetOf(key, 1, 'abcdefgh'), ...wrong };
      writeFileSync(join(other, 'answers', 'abcdefgh.json'), JSON.stringify(sheet));
      await expect(serveTest(other, { port: 0 })).rejects.toThrow(message);
    }
    await expect(serveTest(scratch(), { port: 0 })).rejects.toThrow(/expected a listening test \(test\.json\), found none/);
  });
});
