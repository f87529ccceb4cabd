import { createServer, type Server } from 'node:http';
import { mkdtemp, readdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import {
  browserCache,
  httpFiles,
  insidePath,
  memoryFiles,
  MissingFileError,
  ModelFileError,
  readModel,
  type FileSource,
} from '../index.js';
import { folderCache, folderFiles, userCacheFolder } from '../node.js';
import { tinyFiles } from '../test-support/tiny-model.js';

let server: Server;
let url: string;
let served: Record<string, Uint8Array | number>;
/** Paths asked for, in order. */
let requests: string[];
let folder: string;

beforeEach(async () => {
  requests = [];
  served = await tinyFiles();
  folder = await mkdtemp(join(tmpdir(), 'gansynth-files-'));
  server = createServer((request, response) => {
    const path = decodeURIComponent((request.url ?? '').slice('/models/a/'.length));
    requests.push(path);
    const file = served[path] ?? 404;
    if (typeof file === 'number') return response.writeHead(file).end('<html>');
    const range = /^bytes=(\d+)-(\d+)$/.exec(request.headers.range ?? '');
    if (range === null || path === 'rangeless') return response.end(file);
    response.writeHead(206).end(file.subarray(Number(range[1]), Number(range[2]) + 1));
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const address = server.address();
  url = `http://127.0.0.1:${typeof address === 'object' ? address?.port : ''}/models/a`;
});
const close = (): Promise<void> => {
  server.closeAllConnections();
  return new Promise((resolve) => server.close(() => resolve()));
};
afterEach(async () => {
  await close();
  await rm(folder, { recursive: true, force: true });
});

/** The same file in each kind of source. */
const sources: [string, () => Promise<FileSource>][] = [
  ['memory', async () => memoryFiles({ 'a b/x.bin': Uint8Array.of(0, 1, 2, 3, 4) })],
  [
    'a folder',
    async () => {
      await writeFile(join(folder, 'x.bin'), Uint8Array.of(0, 1, 2, 3, 4));
      const files = folderFiles(folder);
      return { ...files, read: (path, range) => files.read(path.replace('a b/', ''), range) };
    },
  ],
  [
    'a web server',
    async () => {
      served = { 'a b/x.bin': Uint8Array.of(0, 1, 2, 3, 4) };
      return httpFiles(url);
    },
  ],
];

describe.each(sources)('files of %s', (_name, open) => {
  it('are read whole and in parts, shorter where the file ends', async () => {
    const files = await open();
    expect([...(await files.read('a b/x.bin'))]).toEqual([0, 1, 2, 3, 4]);
    expect([...(await files.read('a b/x.bin', { start: 1, length: 2 }))]).toEqual([1, 2]);
    expect([...(await files.read('a b/x.bin', { start: 3, length: 9 }))]).toEqual([3, 4]);
  });

  it('are missing by name', async () => {
    const error: unknown = await (await open()).read('y.bin').catch((reason: unknown) => reason);
    expect(MissingFileError.isInstance(error) && ModelFileError.isInstance(error)).toBe(true);
    expect(String(error)).toMatch(/y\.bin: expected/);
  });
});

describe('httpFiles', () => {
  it('takes a server’s whole answer where it does not know ranges', async () => {
    served = { rangeless: Uint8Array.of(0, 1, 2, 3) };
    expect([...(await httpFiles(url).read('rangeless', { start: 1, length: 2 }))]).toEqual([1, 2]);
  });

  it('says what the server said, and ends with its signal', async () => {
    served = { x: 500 };
    await expect(httpFiles(`${url}/`).read('x')).rejects.toThrow(
      /x: expected a file at http.*\/models\/a\/x, found HTTP status 500/,
    );
    await expect(httpFiles(url, { signal: AbortSignal.abort() }).read('x')).rejects.toThrow(/abort/);
  });
});

/** The first weight of the model that is served. */
const weights = async (): Promise<number | undefined> =>
  (await readModel(httpFiles(url, { cache: folderCache(folder) }))).weights['w']?.data[0];

describe('a model with a cache on disk', () => {
  it('fetches its weights once, and asks only for its manifest again', async () => {
    expect([await weights(), await weights()]).toEqual([1, 1]);
    expect(requests).toEqual(['gansynth.json', 'group1-shard1of1.bin', 'gansynth.json']);
  });

  it('opens without a network once it was opened', async () => {
    await weights();
    await close();
    expect(await weights()).toBe(1);
  });

  it('fetches a damaged copy again, and does without a folder it cannot write to', async () => {
    await weights();
    for (const name of await readdir(folder)) if (name.endsWith('.bin')) await writeFile(join(folder, name), 'damaged');
    requests = [];
    expect(await weights()).toBe(1);
    expect(requests).toEqual(['gansynth.json', 'group1-shard1of1.bin']);
    await writeFile(join(folder, 'file'), '');
    const broken = httpFiles(url, { cache: folderCache(join(folder, 'file')) });
    expect((await readModel(broken)).weights['w']?.data[0]).toBe(1);
  });

  it('that was taken from its server is missing, not remembered', async () => {
    await weights();
    served = {};
    await expect(weights()).rejects.toThrow(/gansynth.json: expected a file at/);
  });

  it('whose server sends other bytes than the manifest promises is refused, and the bytes are not kept for good', async () => {
    const good = served['group1-shard1of1.bin'] ?? 404;
    served['group1-shard1of1.bin'] = new TextEncoder().encode('<html>Log in</html>');
    await expect(weights()).rejects.toThrow(/expected 4000 bytes with CRC-32C/);
    served['group1-shard1of1.bin'] = good;
    expect(await weights()).toBe(1);
  });
});

it('a page’s cache keeps nothing where there is no CacheStorage, as in Node', async () => {
  const cache = browserCache();
  await cache.write('https://example.org/x', Uint8Array.of(1));
  expect(await cache.read('https://example.org/x')).toBeUndefined();
});

it('a user’s cache is where the system wants it', () => {
  expect(userCacheFolder('x')).toMatch(/[/\\]x$/);
});

it.each(['', '/etc/passwd', '\\\\host\\share', 'C:\\x', 'file:///x', '../x', 'a/../../x', 'a\\..\\x', 'x\0.bin'])(
  'insidePath refuses %j',
  (path) => {
    expect(() => insidePath(path)).toThrow(/inside the model's folder/);
  },
);
