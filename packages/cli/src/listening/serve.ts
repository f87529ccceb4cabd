import { replaceFile } from '@gansynth/common/node';
import { messageOf } from '@gansynth/common/errors';
import { joinAnswerSheets, type ListeningAnswerSheet, parseAnswerSheet } from '@gansynth/metrics';
import { createReadStream, existsSync, readdirSync } from 'node:fs';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import { join } from 'node:path';
import { pipeline } from 'node:stream/promises';
import { EnvironmentError } from '../app/errors.js';
import { readJson } from '../recipes/library.js';
import { pathsOf, readKey, type TestKey } from './key.js';

export interface ServeOptions {
  /** Default: this machine alone. */
  readonly host?: string;
  /** 0: any that is free. */
  readonly port: number;
  /** After answers came in and are on disk. */
  readonly onAnswers?: (sheet: ListeningAnswerSheet) => void;
}

export interface ListeningServer {
  readonly url: string;
  close(): Promise<void>;
}

/** More than the answers to 10,000 pairs. */
const MOST_BYTES = 1_000_000;

class Refused extends Error {
  constructor(
    readonly status: number,
    message: string,
  ) {
    super(message);
  }
}

async function bodyOf(request: IncomingMessage): Promise<string> {
  const chunks: Uint8Array[] = [];
  let size = 0;
  for await (const chunk of request as AsyncIterable<Uint8Array>) {
    size += chunk.length;
    // The rest is read, and not kept: who sends hears why.
    if (size <= MOST_BYTES) chunks.push(chunk);
  }
  if (size > MOST_BYTES) throw new Refused(413, `expected answers of at most ${MOST_BYTES} bytes, found ${size}`);
  return Buffer.concat(chunks).toString('utf8');
}

/** Answers as they lie on disk, one file a listener. Each file appears whole, and never gives way to fewer answers. */
class AnswerStore {
  readonly #sheets = new Map<string, ListeningAnswerSheet>();
  /** Sheets handed out, to whom is not known. */
  readonly #handedOut: number[];
  readonly #folder: string;
  readonly #key: TestKey;
  #writing: Promise<void> = Promise.resolve();

  constructor(folder: string, key: TestKey) {
    this.#folder = folder;
    this.#key = key;
    this.#handedOut = key.sheets.map(() => 0);
    for (const name of existsSync(folder) ? readdirSync(folder).filter((file) => /^[a-z0-9]+\.json$/.test(file)) : []) {
      const path = join(folder, name);
      const sheet = parseAnswerSheet(readJson(path), path);
      this.#sheets.set(sheet.listener, sheet);
    }
  }

  /** The sheet that fewest have. */
  handOut(): number {
    const taken = [...this.#handedOut];
    for (const { sheet } of this.#sheets.values()) taken[sheet - 1]!++;
    const at = taken.indexOf(Math.min(...taken));
    this.#handedOut[at]!++;
    return at + 1;
  }

  /** @throws ValueError unless it belongs to the test */
  async keep(sheet: ListeningAnswerSheet): Promise<number> {
    joinAnswerSheets([{ name: 'answers', sheet }], this.#key);
    // One after the other: of two that come at once the later one stays.
    const turn = this.#writing;
    const write = async (): Promise<void> => {
      await turn;
      const before = this.#sheets.get(sheet.listener);
      if (before !== undefined && before.revision >= sheet.revision) return;
      await replaceFile(join(this.#folder, `${sheet.listener}.json`), `${JSON.stringify(sheet, null, 2)}\n`);
      this.#sheets.set(sheet.listener, sheet);
    };
    const written = write();
    this.#writing = written.catch(() => undefined);
    await written;
    return this.#sheets.get(sheet.listener)!.revision;
  }
}

const types: Readonly<Record<string, string>> = { html: 'text/html; charset=utf-8', wav: 'audio/wav' };

function send(response: ServerResponse, status: number, body: string, type = 'application/json'): void {
  response.writeHead(status, { 'content-type': type, 'cache-control': 'no-store' }).end(body);
}

async function sendFile(response: ServerResponse, path: string, method: string): Promise<void> {
  const type = types[path.slice(path.lastIndexOf('.') + 1)] ?? 'application/octet-stream';
  if (!existsSync(path)) throw new Refused(404, 'nothing there');
  response.writeHead(200, { 'content-type': type, 'x-content-type-options': 'nosniff' });
  if (method === 'HEAD') response.end();
  else await pipeline(createReadStream(path), response);
}

/**
 * Serves the page of a listening test, and keeps the answers in the folder's `answers`: on disk before the page is told so. Nothing but the
 * page and its sounds leaves the folder.
 *
 * @throws EnvironmentError if the port is taken; InputError if there is no test
 */
export async function serveTest(folder: string, { host = '127.0.0.1', port, onAnswers }: ServeOptions): Promise<ListeningServer> {
  const key = readKey(folder);
  const paths = pathsOf(folder);
  const store = new AnswerStore(paths.answers, key);
  const files = new Map<string, string>([
    ['/', join(paths.page, 'index.html')],
    ['/index.html', join(paths.page, 'index.html')],
    ...key.sounds.map(({ file }): [string, string] => [`/sounds/${file}`, join(paths.sounds, file)]),
  ]);

  const answer = async (request: IncomingMessage, response: ServerResponse): Promise<void> => {
    const { method = 'GET', url = '/' } = request;
    const path = url.split('?', 1)[0]!;
    if (method === 'POST' && path === '/answers') {
      // Forms of other sites cannot send this type.
      if (request.headers['content-type']?.split(';', 1)[0] !== 'application/json')
        throw new Refused(415, 'expected application/json');
      const text = await bodyOf(request);
      let sheet: ListeningAnswerSheet;
      try {
        sheet = parseAnswerSheet(JSON.parse(text), 'answers');
        joinAnswerSheets([{ name: 'answers', sheet }], key);
      } catch (error) {
        throw new Refused(400, messageOf(error));
      }
      const revision = await store.keep(sheet);
      onAnswers?.(sheet);
      return send(response, 200, JSON.stringify({ kept: revision }));
    }
    if (method !== 'GET' && method !== 'HEAD') throw new Refused(405, `expected GET or POST, found ${method}`);
    if (path === '/sheet') return send(response, 200, JSON.stringify({ sheet: store.handOut() }));
    const file = files.get(path);
    if (file === undefined) throw new Refused(404, 'nothing there');
    await sendFile(response, file, method);
  };

  const server = createServer((request, response) => {
    answer(request, response).catch((error: unknown) => {
      if (response.headersSent) return response.destroy();
      request.resume();
      send(response, error instanceof Refused ? error.status : 500, messageOf(error), 'text/plain; charset=utf-8');
    });
  });
  await listen(server, host, port);
  const address = server.address();
  const bound = typeof address === 'object' && address !== null ? address.port : port;
  return {
    url: `http://${host.includes(':') ? `[${host}]` : host}:${bound}/`,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}

const listen = (server: Server, host: string, port: number): Promise<void> =>
  new Promise((resolve, reject) => {
    server.once('error', (error) =>
      reject(
        new EnvironmentError(
          `expected to serve on ${host}, port ${port}, found that it cannot be: ${error.message}. Name another --port.`,
          port,
          {
            cause: error,
          },
        ),
      ),
    );
    server.listen(port, host, () => resolve());
  });
