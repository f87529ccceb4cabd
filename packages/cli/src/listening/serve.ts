import { messageOf } from '@gansynth/common/errors';
import type { ListeningAnswerSheet } from '@gansynth/metrics';
import { existsSync } from 'node:fs';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import { join } from 'node:path';
import { EnvironmentError } from '../app/errors.js';
import { AnswerStore } from './answer-store.js';
import { pathsOf, readKey } from './key.js';
import { sendFile } from './send-file.js';

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

function send(response: ServerResponse, status: number, body: string, type = 'application/json'): void {
  response.writeHead(status, { 'content-type': type, 'cache-control': 'no-store' }).end(body);
}

/**
 * Serves the page of a listening test, and keeps the answers in the folder's `answers`: on disk before the page is told so. Nothing but the
 * page and its sounds leaves the folder.
 *
 * @throws EnvironmentError if the port is taken; InputError if there is no test; ValueError if there are answers to another one
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
        sheet = store.parse(JSON.parse(text), 'answers');
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
    if (file === undefined || !existsSync(file)) throw new Refused(404, 'nothing there');
    await sendFile(request, response, file);
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
