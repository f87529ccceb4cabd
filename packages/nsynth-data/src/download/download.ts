import { setTimeout as after } from 'node:timers/promises';
import type { OptionNames } from '@gansynth/common/check-options';
import { checkOptions } from '../check-options.js';
import { createHash, type Hash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { mkdir, open, readFile, rename, rm, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { crc32c } from '../crc32c.js';
import { checkExisting, wrongBeginning } from './download-checks.js';
import { ArgumentError, DownloadError } from '../errors.js';
import { type NSynthPart, nsynthParts, publishedPart } from './nsynth-parts.js';

export interface DownloadOptions {
  /** Where the files lie. Default: http://download.magenta.tensorflow.org/datasets/nsynth */
  readonly from?: string;
  /** Checksum to hold the file against, as 64 hexadecimal digits. Default: the published one, where there is one, wherever the file comes from. */
  readonly sha256?: string;
  /** How often to go on after the connection broke without a single byte. Default 5. */
  readonly retries?: number;
  /** Wait before going on, doubled each time, up to 30 s. Default 1000 ms. */
  readonly retryDelay?: number;
  /** A connection that brings nothing for so long counts as broken. Default 60000 ms. */
  readonly stallTimeout?: number;
  readonly onProgress?: (event: DownloadProgress) => void;
  readonly signal?: AbortSignal;
}

/** Their names, each once. */
export const downloadOptionNames: OptionNames<DownloadOptions> = {
  from: true,
  sha256: true,
  retries: true,
  retryDelay: true,
  stallTimeout: true,
  onProgress: true,
  signal: true,
};

export type DownloadProgress =
  | { readonly type: 'downloading'; readonly bytes: number; readonly total: number | undefined }
  | { readonly type: 'interrupted'; readonly bytes: number; readonly reason: string; readonly delay: number }
  | { readonly type: 'checking'; readonly bytes: number };

export interface Downloaded {
  readonly path: string;
  readonly bytes: number;
  /** Of the whole file, computed. */
  readonly sha256: string;
  /** What it was held against: a known SHA-256, the sums the server sent, or nothing but its length. */
  readonly checkedBy: 'sha256' | 'server' | 'length';
}

/** Sums that Google Cloud Storage sends along, in base64. */
interface ServerSums {
  readonly md5?: string;
  readonly crc32c?: string;
}

/** What must not change between two parts of one download. */
interface PartialState {
  readonly url: string;
  readonly etag?: string;
  readonly total?: number;
  readonly sums: ServerSums;
}

const serverSums = (headers: Headers): ServerSums => {
  const text = headers.get('x-goog-hash') ?? '';
  const find = (name: string): string | undefined => new RegExp(`${name}=([A-Za-z0-9+/=]+)`).exec(text)?.[1];
  const [md5, crc] = [find('md5'), find('crc32c')];
  return { ...(md5 === undefined ? {} : { md5 }), ...(crc === undefined ? {} : { crc32c: crc }) };
};

/** Errors that trying again cannot mend. */
class Final extends Error {}

class Download {
  readonly #url: string;
  readonly #path: string;
  readonly #options: DownloadOptions;
  #state: PartialState | undefined;

  constructor(url: string, path: string, options: DownloadOptions) {
    this.#url = url;
    this.#path = path;
    this.#options = options;
  }

  get #partial(): string {
    return `${this.#path}.partial`;
  }

  get #stateFile(): string {
    return `${this.#path}.partial.json`;
  }

  async #load(): Promise<void> {
    try {
      const state = JSON.parse(await readFile(this.#stateFile, 'utf8')) as PartialState;
      if (state.url === this.#url && typeof state.sums === 'object') this.#state = state;
    } catch {
      // No download was begun here, or its notes are damaged: the next one begins anew.
    }
    if (this.#state === undefined) await rm(this.#partial, { force: true });
  }

  async #have(): Promise<number> {
    return (await stat(this.#partial).catch(() => undefined))?.size ?? 0;
  }

  async #discard(): Promise<void> {
    await rm(this.#partial, { force: true });
    await rm(this.#stateFile, { force: true });
  }

  /** One connection: as much as it brings. Returns true if the file is whole. */
  async #connect(): Promise<boolean> {
    const have = await this.#have();
    if (this.#state?.total !== undefined && have === this.#state.total) return true;
    const { signal, stallTimeout = 60_000, onProgress } = this.#options;
    const stalled = new AbortController();
    let timer = setTimeout(() => stalled.abort(), stallTimeout);
    try {
      const headers: Record<string, string> = { 'accept-encoding': 'identity' };
      if (have > 0) headers['range'] = `bytes=${have}-`;
      if (have > 0 && this.#state?.etag !== undefined) headers['if-range'] = this.#state.etag;
      const response = await fetch(this.#url, {
        headers,
        signal: signal === undefined ? stalled.signal : AbortSignal.any([signal, stalled.signal]),
      });
      const at = await this.#accept(response, have);
      const handle = await open(this.#partial, at === 0 ? 'w' : 'a');
      try {
        let bytes = at;
        for await (const chunk of response.body ?? []) {
          clearTimeout(timer);
          timer = setTimeout(() => stalled.abort(), stallTimeout);
          await handle.write(chunk as Uint8Array);
          bytes += (chunk as Uint8Array).length;
          onProgress?.({ type: 'downloading', bytes, total: this.#state?.total });
          if (this.#state?.total !== undefined && bytes > this.#state.total)
            throw new Final(`expected ${this.#state.total} bytes, found more`);
        }
      } finally {
        await handle.close();
      }
    } catch (error) {
      if (stalled.signal.aborted && signal?.aborted !== true)
        throw new Error(`nothing came for ${stallTimeout} ms`, { cause: error });
      throw error;
    } finally {
      clearTimeout(timer);
    }
    return this.#state?.total === undefined || (await this.#have()) === this.#state.total;
  }

  /** Judges a response; returns the byte its body begins at. */
  async #accept(response: Response, have: number): Promise<number> {
    const { status, headers } = response;
    if (status === 416) {
      // There is nothing after what is here: it is too long or of another file.
      await rm(this.#partial, { force: true });
      throw new Error('the server has nothing after what is here; beginning anew');
    }
    if (status >= 400 && status < 500 && status !== 408 && status !== 429)
      throw new Final(`expected the file, found HTTP status ${status}`);
    if (status !== 200 && status !== 206) throw new Error(`HTTP status ${status}`);
    const range = /^bytes (\d+)-\d+\/(\d+|\*)$/.exec(headers.get('content-range') ?? '');
    if (status === 206 && Number(range?.[1]) !== have)
      throw new Error(`expected the part from byte ${have} on, found ${headers.get('content-range')}`);
    const length = status === 206 ? range?.[2] : headers.get('content-length');
    const total = length === null || length === undefined || length === '*' ? undefined : Number(length);
    const etag = headers.get('etag');
    const isSame =
      status === 206 && (this.#state?.etag ?? null) === etag && (this.#state?.total === undefined || this.#state.total === total);
    if (status === 206 && !isSame) {
      await rm(this.#partial, { force: true });
      await response.body?.cancel();
      throw new Error('the file changed at the server; beginning anew');
    }
    if (status === 200) {
      this.#state = {
        url: this.#url,
        // A weak tag does not promise equal bytes, so that parts must not be put together by it.
        ...(etag === null || etag.startsWith('W/') ? {} : { etag }),
        ...(total === undefined ? {} : { total }),
        sums: serverSums(headers),
      };
      await writeFile(this.#stateFile, JSON.stringify(this.#state));
      return 0;
    }
    return have;
  }

  /** Connects until the file is whole. */
  async fetch(): Promise<void> {
    await this.#load();
    const { retries = 5, retryDelay = 1000, signal, onProgress } = this.#options;
    let failures = 0;
    for (;;) {
      const before = await this.#have();
      let reason: string;
      try {
        if (await this.#connect()) return;
        reason = 'the connection ended early';
      } catch (error) {
        signal?.throwIfAborted();
        if (error instanceof Final) throw new DownloadError(this.#url, error.message, { cause: error });
        const cause = (error as Error).cause;
        reason = cause instanceof Error ? `${(error as Error).message} (${cause.message})` : (error as Error).message;
      }
      const bytes = await this.#have();
      failures = bytes > before ? 0 : failures + 1;
      if (failures > retries)
        throw new DownloadError(
          this.#url,
          `expected the file, found ${reason}, ${failures} times. ${bytes} bytes are kept: call again to go on`,
        );
      const delay = Math.min(30_000, retryDelay * 2 ** Math.max(0, failures - 1));
      onProgress?.({ type: 'interrupted', bytes, reason, delay });
      await wait(delay, signal);
    }
  }

  /** Holds the file against every sum there is. */
  async check(file: string, sha256: string | undefined, expectedBytes: number | undefined): Promise<Downloaded> {
    const wrongStart = await wrongBeginning(this.#partial, file);
    if (wrongStart !== undefined) {
      await this.#discard();
      throw new DownloadError(this.#url, `${wrongStart}. It is not kept. Look at what the address gives in a browser`);
    }
    const sums = this.#state?.sums ?? {};
    const { signal, onProgress } = this.#options;
    const hashes: Record<'sha256' | 'md5', Hash> = { sha256: createHash('sha256'), md5: createHash('md5') };
    let [crc, bytes] = [0, 0];
    for await (const chunk of createReadStream(this.#partial, { highWaterMark: 1 << 20 }) as AsyncIterable<Buffer>) {
      signal?.throwIfAborted();
      hashes.sha256.update(chunk);
      if (sums.md5 !== undefined) hashes.md5.update(chunk);
      if (sums.crc32c !== undefined) crc = crc32c(chunk, crc);
      bytes += chunk.length;
      onProgress?.({ type: 'checking', bytes });
    }
    const found = hashes.sha256.digest('hex');
    const crcBytes = Buffer.alloc(4);
    crcBytes.writeUInt32BE(crc);
    const wrong =
      (expectedBytes !== undefined && bytes !== expectedBytes && `${expectedBytes} bytes, found ${bytes}`) ||
      (sha256 !== undefined && found !== sha256.toLowerCase() && `SHA-256 ${sha256}, found ${found}`) ||
      (sums.md5 !== undefined && hashes.md5.digest('base64') !== sums.md5 && 'the MD5 sum the server sent, found another') ||
      (sums.crc32c !== undefined && crcBytes.toString('base64') !== sums.crc32c && 'the CRC-32C the server sent, found another');
    if (wrong) {
      await this.#discard();
      throw new DownloadError(
        this.#url,
        `expected ${wrong}: the file was damaged on its way, or another one lies there; it is removed. Download it again`,
      );
    }
    await rename(this.#partial, this.#path);
    await rm(this.#stateFile, { force: true });
    const checkedBy = sha256 !== undefined ? 'sha256' : sums.md5 !== undefined || sums.crc32c !== undefined ? 'server' : 'length';
    return { path: this.#path, bytes, sha256: found, checkedBy };
  }
}

/** Rejects with the signal's reason, at once where it is aborted already. */
async function wait(milliseconds: number, signal: AbortSignal | undefined): Promise<void> {
  await after(milliseconds, undefined, { signal }).catch(() => signal?.throwIfAborted());
}

/**
 * Downloads a part of NSynth as published. A download that breaks goes on where it stopped, at once or when called again; the file
 * appears under its name when it is whole and its checksum holds. A file that is there already is not fetched again.
 *
 * @param part for instance `test.jsonwav.tar.gz`; `openDataset` reads the tar files as they are
 * @param folder made if missing
 * @throws DownloadError
 */
export async function downloadNSynth(part: NSynthPart, folder: string, options: DownloadOptions = {}): Promise<Downloaded> {
  checkOptions('downloadNSynth', options, downloadOptionNames);

  const published = publishedPart(part);
  if (published === undefined)
    throw new ArgumentError(`downloadNSynth: expected one of ${nsynthParts.join(', ')}, found ${JSON.stringify(part)}`, part);
  const { from = 'http://download.magenta.tensorflow.org/datasets/nsynth' } = options;
  const isPublished = options.sha256 === undefined;
  const sha256 = options.sha256 ?? published.sha256;
  if (sha256 !== undefined && !/^[0-9a-f]{64}$/i.test(sha256))
    throw new ArgumentError(`downloadNSynth: expected sha256 as 64 hexadecimal digits, found ${JSON.stringify(sha256)}`, sha256);
  await mkdir(folder, { recursive: true });
  const path = join(folder, published.file);
  const there = await stat(path).catch(() => undefined);
  if (there !== undefined) {
    const wrong = await wrongBeginning(path, published.file);
    if (wrong !== undefined) throw new DownloadError(path, `${wrong}: this file is another one. Move it away and call again`);
    return { path, bytes: there.size, ...(await checkExisting(path, sha256, options.signal)) };
  }
  const download = new Download(`${from.replace(/\/+$/, '')}/${published.file}`, path, options);
  await download.fetch();
  return download.check(published.file, sha256, isPublished ? published.bytes : undefined);
}
