import { createRequire } from 'node:module';
import { BadFileError } from '../errors.js';
import { type Checkpoints, windowBytes } from './gzip-checkpoints.js';

/** The parts of pako's port of zlib that are used here; its type declarations describe only its front. */
interface InflateStream {
  input: Uint8Array;
  next_in: number;
  avail_in: number;
  output: Uint8Array;
  next_out: number;
  avail_out: number;
  readonly msg: string;
  readonly data_type: number;
}

const require = createRequire(import.meta.url);
const ZStream = require('pako/lib/zlib/zstream.js') as new () => InflateStream;
const inflater = require('pako/lib/zlib/inflate.js') as {
  inflateInit2(stream: InflateStream, windowBits: number): number;
  inflateReset(stream: InflateStream): number;
  inflate(stream: InflateStream, flush: number): number;
};

const stopAtBlocks = 5;
const streamEnd = 1;
const bufferError = -5;
const gzipOnly = 15 + 16;
const pieceBytes = 1 << 18;

/**
 * Unpacks a gzip stream and notes places from which it can be unpacked again later. Node's own zlib is three times as fast but does
 * not tell where its blocks begin; pako's does.
 *
 * @param chunks the file
 * @param checkpoints receives the places
 * @throws BadFileError for damage, with its place in the packed file; checksum and length of every member are checked
 */
export async function* gunzipScan(
  chunks: AsyncIterable<Uint8Array>,
  file: string,
  checkpoints: Checkpoints,
): AsyncGenerator<Uint8Array> {
  const stream = new ZStream();
  inflater.inflateInit2(stream, gzipOnly);
  let [packed, unpacked] = [0, 0];
  let state: 'before' | 'inside' | 'padding' = 'before';
  let memberHasStarted = false;
  // The first 32 KiB of the output buffer are what came just before: a checkpoint's window.
  let output = new Uint8Array(windowBytes + pieceBytes);
  let filled = windowBytes;
  let from = windowBytes;
  const fail = (reason: string): BadFileError => new BadFileError({ file, offset: packed + stream.next_in, reason });
  stream.next_in = 0;

  for await (const chunk of chunks) {
    stream.input = chunk;
    stream.next_in = 0;
    stream.avail_in = chunk.length;
    while (stream.avail_in > 0) {
      if (state !== 'inside') {
        const byte = chunk[stream.next_in]!;
        // After a member there may be another one, or zeros that fill a block of a tape.
        if (byte === 0 && packed + stream.next_in > 0) {
          state = 'padding';
          stream.next_in++;
          stream.avail_in--;
          continue;
        }
        if (state === 'padding' || byte !== 0x1f) throw fail('expected gzip data, found something else');
        state = 'inside';
        memberHasStarted = false;
      }
      stream.output = output;
      stream.next_out = filled;
      stream.avail_out = output.length - filled;
      const missing = stream.avail_in;
      const status = inflater.inflate(stream, stopAtBlocks);
      if (status === bufferError && stream.avail_in === missing && stream.next_out === filled)
        throw fail('expected data that go on, found none');
      unpacked += stream.next_out - filled;
      filled = stream.next_out;
      if (status < 0 && status !== bufferError) throw fail(`expected sound gzip data, found damage (${stream.msg || status})`);
      if (status === streamEnd) {
        state = 'before';
        inflater.inflateReset(stream);
      } else if (
        (stream.data_type & 128) !== 0 &&
        (stream.data_type & 64) === 0 &&
        (!memberHasStarted || checkpoints.isDue(unpacked))
      ) {
        const bits = stream.data_type & 7;
        const place = { unpacked, packed: packed + stream.next_in - (bits === 0 ? 0 : 1), bits: bits === 0 ? 0 : 8 - bits };
        const window = memberHasStarted ? output.slice(Math.max(filled - windowBytes, 0), filled) : undefined;
        if (!checkpoints.add({ ...place, window })) throw fail('expected at most 4 million gzip members, found more');
        memberHasStarted = true;
      }
      if (filled === output.length) {
        yield output.subarray(from, filled);
        const next = new Uint8Array(windowBytes + pieceBytes);
        next.set(output.subarray(filled - windowBytes, filled));
        output = next;
        filled = windowBytes;
        from = windowBytes;
      }
    }
    packed += chunk.length;
    stream.next_in = 0;
    if (filled > from) yield output.subarray(from, filled);
    from = filled;
  }
  if (state === 'inside' || packed === 0)
    throw fail('expected the end of the gzip data, found the end of the file: it is cut short');
}
