import { createReadStream, statSync } from 'node:fs';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { pipeline } from 'node:stream/promises';

const types: Readonly<Record<string, string>> = { html: 'text/html; charset=utf-8', wav: 'audio/wav' };

/** First and last byte. */
type Bytes = readonly [from: number, to: number];

/**
 * The bytes that a `Range` asks for: "bytes=0-1", "bytes=100-", "bytes=-100".
 *
 * @returns undefined for what is answered with the whole file: no range, several, or a unit that is none; 'outside' for a range without a byte
 * @see RFC 9110, section 14
 */
export function rangeOf(header: string | undefined, size: number): Bytes | 'outside' | undefined {
  const [, first = '', last = ''] = /^bytes=(\d*)-(\d*)$/i.exec(header ?? '') ?? [];
  if (first === '' && last === '') return undefined;
  if (first !== '' && last !== '' && Number(last) < Number(first)) return undefined;
  const [from, to] =
    first === ''
      ? [Math.max(0, size - Number(last)), size - 1]
      : [Number(first), last === '' ? size - 1 : Math.min(Number(last), size - 1)];
  return from < size ? [from, to] : 'outside';
}

/** Sends a file, or the part of it that is asked for: Safari plays no sound of a server that cannot. */
export async function sendFile(request: IncomingMessage, response: ServerResponse, path: string): Promise<void> {
  const { size } = statSync(path);
  const isWhole = request.method !== 'GET' || request.headers['if-range'] !== undefined;
  const range = isWhole ? undefined : rangeOf(request.headers.range, size);
  const headers = {
    'content-type': types[path.slice(path.lastIndexOf('.') + 1)] ?? 'application/octet-stream',
    'x-content-type-options': 'nosniff',
    'accept-ranges': 'bytes',
  };
  if (range === 'outside') {
    response.writeHead(416, { ...headers, 'content-range': `bytes */${size}`, 'content-length': 0 }).end();
    return;
  }
  const [from, to] = range ?? [0, size - 1];
  response.writeHead(range ? 206 : 200, {
    ...headers,
    'content-length': to - from + 1,
    ...(range && { 'content-range': `bytes ${from}-${to}/${size}` }),
  });
  if (request.method === 'HEAD' || size === 0) response.end();
  else await pipeline(createReadStream(path, { start: from, end: to }), response);
}
