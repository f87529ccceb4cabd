import { createHash } from 'node:crypto';
import { existsSync, readFileSync, readdirSync, statSync, writeFileSync } from 'node:fs';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { afterEach, describe, expect, it } from 'vitest';
import { temporaryFolder } from '../../test/collection.js';
import { crc32c } from '../crc32c.js';
import { downloadNSynth, type DownloadProgress } from './download.js';

// Packed without compression, so that its length is known well enough.
const content = gzipSync(Buffer.from(Float64Array.from({ length: 40_000 }, (_, index) => Math.sin(index)).buffer), { level: 0 });
const sha256 = createHash('sha256').update(content).digest('hex');
const md5 = createHash('md5').update(content).digest('base64');
const crcBytes = Buffer.alloc(4);
crcBytes.writeUInt32BE(crc32c(content));
const crc = crcBytes.toString('base64');

let close: (() => void) | undefined;
afterEach(() => close?.());

interface Behaviour {
  /** Connections that drop after so many bytes; later ones are served whole. */
  readonly dropAfter?: readonly number[];
  readonly etag?: (request: number) => string;
  readonly ranges?: boolean;
  readonly status?: (request: number) => number | undefined;
  readonly headers?: Record<string, string>;
  readonly silent?: (request: number) => boolean;
  readonly body?: Buffer;
}

interface Server {
  readonly from: string;
  readonly requests: IncomingMessage[];
  /** To be told of the progress: a connection that is to drop does so when everything sent on it has arrived. */
  readonly onProgress: (event: DownloadProgress) => void;
}

/** A real server on this machine that behaves badly in a chosen way. */
async function serve(behaviour: Behaviour = {}): Promise<Server> {
  const requests: IncomingMessage[] = [];
  let waiting: { readonly bytes: number; readonly drop: () => void } | undefined;
  const { dropAfter = [], ranges = true, headers = {}, body = content } = behaviour;
  const answer = (request: IncomingMessage, response: ServerResponse): void => {
    const number = requests.push(request) - 1;
    if (behaviour.silent?.(number)) return;
    const status = behaviour.status?.(number);
    if (status !== undefined) return void response.writeHead(status).end();
    const etag = behaviour.etag?.(number) ?? '"one"';
    const wanted = ranges ? /^bytes=(\d+)-$/.exec(request.headers.range ?? '') : null;
    const isSame = request.headers['if-range'] === undefined || request.headers['if-range'] === etag;
    const start = wanted && isSame ? Number(wanted[1]) : 0;
    const range = wanted && isSame ? { 'content-range': `bytes ${start}-${body.length - 1}/${body.length}` } : {};
    response.writeHead(wanted && isSame ? 206 : 200, { etag, 'content-length': body.length - start, ...range, ...headers });
    const drop = dropAfter[number];
    if (drop === undefined) response.end(body.subarray(start));
    else if (drop === 0) response.destroy();
    else {
      response.write(body.subarray(start, start + drop));
      waiting = { bytes: start + drop, drop: () => response.destroy() };
    }
  };
  const server = createServer(answer).listen(0, '127.0.0.1');
  await new Promise((resolve) => server.once('listening', resolve));
  const onProgress = (event: DownloadProgress): void => {
    if (event.type !== 'downloading' || waiting === undefined || event.bytes < waiting.bytes) return;
    waiting.drop();
    waiting = undefined;
  };
  close = () => {
    server.closeAllConnections();
    server.close();
  };
  return { from: `http://127.0.0.1:${(server.address() as AddressInfo).port}/nsynth/`, requests, onProgress };
}

const quick = { retryDelay: 1 };

describe('downloadNSynth', () => {
  it('fetches a file under its published name and checks its SHA-256', async () => {
    const { from, requests } = await serve();
    const folder = join(temporaryFolder(), 'made');
    const result = await downloadNSynth('test.jsonwav.tar.gz', folder, { from, sha256 });
    expect(result).toEqual({
      path: join(folder, 'nsynth-test.jsonwav.tar.gz'),
      bytes: content.length,
      sha256,
      checkedBy: 'sha256',
    });
    expect(readFileSync(result.path).equals(content)).toBe(true);
    expect(readdirSync(folder)).toEqual(['nsynth-test.jsonwav.tar.gz']);
    expect(requests[0]?.url).toBe('/nsynth/nsynth-test.jsonwav.tar.gz');
  });

  it('goes on where the connection dropped, again and again, fetching no byte twice', async () => {
    const { from, requests, ...server } = await serve({ dropAfter: [100_000, 50_000, 1, 120_000] });
    const events: DownloadProgress[] = [];
    const folder = temporaryFolder();
    const onProgress = (event: DownloadProgress): void => {
      events.push(event);
      server.onProgress(event);
    };
    await downloadNSynth('test.jsonwav.tar.gz', folder, { from, sha256, ...quick, onProgress });
    const starts = requests.map(({ headers }) => headers.range);
    expect(starts).toEqual([undefined, 'bytes=100000-', 'bytes=150000-', 'bytes=150001-', 'bytes=270001-']);
    expect(events.filter(({ type }) => type === 'interrupted')).toHaveLength(4);
    expect(events.at(-1)).toEqual({ type: 'checking', bytes: content.length });
    expect(events.findLast(({ type }) => type === 'downloading')).toEqual({
      type: 'downloading',
      bytes: content.length,
      total: content.length,
    });
  });

  it('goes on in a later call after giving up, keeping what it had', async () => {
    const folder = temporaryFolder();
    const first = await serve({ dropAfter: [100_000, 0, 0, 0] });
    const { from, onProgress } = first;
    await expect(downloadNSynth('test.jsonwav.tar.gz', folder, { from, onProgress, ...quick, retries: 2 })).rejects.toThrow(
      /3 times. 100000 bytes are kept: call again/,
    );
    expect(existsSync(join(folder, 'nsynth-test.jsonwav.tar.gz'))).toBe(false);
    const second = await downloadNSynth('test.jsonwav.tar.gz', folder, { from: first.from, sha256, ...quick });
    expect(second.bytes).toBe(content.length);
    expect(first.requests.at(-1)?.headers.range).toBe('bytes=100000-');
  });

  it('begins anew when the file changed at the server, or the server knows no ranges', async () => {
    const changed = await serve({ dropAfter: [100_000], etag: (request) => (request === 0 ? '"one"' : '"two"') });
    expect(
      (
        await downloadNSynth('test.jsonwav.tar.gz', temporaryFolder(), {
          from: changed.from,
          onProgress: changed.onProgress,
          sha256,
          ...quick,
        })
      ).sha256,
    ).toBe(sha256);
    close?.();
    const simple = await serve({ dropAfter: [100_000], ranges: false });
    expect(
      (
        await downloadNSynth('test.jsonwav.tar.gz', temporaryFolder(), {
          from: simple.from,
          onProgress: simple.onProgress,
          sha256,
          ...quick,
        })
      ).sha256,
    ).toBe(sha256);
  });

  it('holds the file against the sums the server sends', async () => {
    const good = await serve({ headers: { 'x-goog-hash': `crc32c=${crc}, md5=${md5}` } });
    expect((await downloadNSynth('test.jsonwav.tar.gz', temporaryFolder(), { from: good.from })).checkedBy).toBe('server');
    for (const sums of [`crc32c=AAAAAA==`, `md5=${Buffer.alloc(16).toString('base64')}`]) {
      close?.();
      const bad = await serve({ headers: { 'x-goog-hash': sums } });
      const folder = temporaryFolder();
      await expect(downloadNSynth('test.jsonwav.tar.gz', folder, { from: bad.from })).rejects.toThrow(
        /the server sent, found another/,
      );
      expect(readdirSync(folder)).toEqual([]);
    }
  });

  it('removes a file whose SHA-256 is wrong, and says so', async () => {
    const { from } = await serve();
    const folder = temporaryFolder();
    await expect(downloadNSynth('test.jsonwav.tar.gz', folder, { from, sha256: '0'.repeat(64) })).rejects.toThrow(
      /expected SHA-256 0+, found/,
    );
    expect(readdirSync(folder)).toEqual([]);
  });

  it('does not fetch what is there, and does not overwrite what is another file', async () => {
    const { from, requests } = await serve();
    const folder = temporaryFolder();
    writeFileSync(join(folder, 'nsynth-test.jsonwav.tar.gz'), content);
    expect((await downloadNSynth('test.jsonwav.tar.gz', folder, { from, sha256 })).bytes).toBe(content.length);
    await expect(downloadNSynth('test.jsonwav.tar.gz', folder, { from, sha256: '1'.repeat(64) })).rejects.toThrow(/Move it away/);
    expect(requests).toEqual([]);
  });

  it('gives up at once on an answer that will not change, and tries again on one that may', async () => {
    const missing = await serve({ status: () => 404 });
    await expect(downloadNSynth('test.jsonwav.tar.gz', temporaryFolder(), { from: missing.from, ...quick })).rejects.toThrow(
      /HTTP status 404/,
    );
    expect(missing.requests).toHaveLength(1);
    close?.();
    const busy = await serve({ status: (request) => (request < 2 ? 503 : undefined) });
    await downloadNSynth('test.jsonwav.tar.gz', temporaryFolder(), { from: busy.from, sha256, ...quick });
    expect(busy.requests).toHaveLength(3);
  });

  it('takes a connection that brings nothing for a broken one', async () => {
    const { from } = await serve({ silent: (request) => request === 0 });
    const reasons: string[] = [];
    const onProgress = (event: DownloadProgress): void => void (event.type === 'interrupted' && reasons.push(event.reason));
    await downloadNSynth('test.jsonwav.tar.gz', temporaryFolder(), { from, sha256, ...quick, stallTimeout: 100, onProgress });
    expect(reasons).toEqual([expect.stringMatching(/nothing came for 100 ms/)]);
  });

  it('stops when aborted and keeps what it has', async () => {
    const { from, ...server } = await serve({ dropAfter: [100_000] });
    const folder = temporaryFolder();
    const controller = new AbortController();
    const onProgress = (event: DownloadProgress): void => {
      server.onProgress(event);
      if (event.type === 'interrupted') controller.abort();
    };
    await expect(downloadNSynth('test.jsonwav.tar.gz', folder, { from, signal: controller.signal, onProgress })).rejects.toThrow(
      /abort/i,
    );
    expect(statSync(join(folder, 'nsynth-test.jsonwav.tar.gz.partial')).size).toBe(100_000);
  });

  const pages: [string, Buffer, RegExp][] = [
    ['a login page of 20 bytes', Buffer.from('<html>log in</html>\n'), /expected a gzip archive, found a web page/],
    ['bytes of another kind', Buffer.alloc(1000, 7), /expected a gzip archive, found something else/],
    ['an empty file', Buffer.alloc(0), /expected a gzip archive, found an empty file/],
  ];
  it.each(pages)('does not keep %s as the archive, nor take it for one that is there', async (_, body, message) => {
    const { from, requests } = await serve({ body });
    const folder = temporaryFolder();
    await expect(downloadNSynth('test.jsonwav.tar.gz', folder, { from })).rejects.toThrow(message);
    expect(readdirSync(folder)).toEqual([]);
    writeFileSync(join(folder, 'nsynth-test.jsonwav.tar.gz'), body);
    await expect(downloadNSynth('test.jsonwav.tar.gz', folder, { from })).rejects.toThrow(/Move it away/);
    expect(requests).toHaveLength(1);
  });

  it('holds what a mirror gives against the published length and SHA-256', async () => {
    // Of the right length, 20,577 bytes, and something else.
    const labels = Buffer.alloc(20_577, 'a b\n');
    const folder = temporaryFolder();
    const mirror = await serve({ body: labels });
    await expect(downloadNSynth('instrument_labels', folder, { from: mirror.from })).rejects.toThrow(/expected SHA-256 c3888/);
    expect(readdirSync(folder)).toEqual([]);
    writeFileSync(join(folder, 'nsynth-instrument_labels.txt'), labels);
    await expect(downloadNSynth('instrument_labels', folder, { from: mirror.from })).rejects.toThrow(
      /expected SHA-256 c3888.*away/,
    );
    const own = createHash('sha256').update(labels).digest('hex');
    expect((await downloadNSynth('instrument_labels', folder, { from: mirror.from, sha256: own })).checkedBy).toBe('sha256');
    close?.();
    const short = await serve({ body: labels.subarray(1) });
    await expect(downloadNSynth('instrument_labels', temporaryFolder(), { from: short.from })).rejects.toThrow(
      /expected 20577 bytes, found 20576/,
    );
    close?.();
    const tar = await serve({ body: Buffer.alloc(2000, 1) });
    await expect(downloadNSynth('test.tfrecord.tar', temporaryFolder(), { from: tar.from })).rejects.toThrow(
      /expected a tar archive/,
    );
  });

  it('names the parts there are', async () => {
    await expect(downloadNSynth('test' as 'test.tfrecord.tar', '/tmp')).rejects.toThrow(/train.tfrecord.tar, .*found "test"/);
  });
});
