/** The parts of pako's port of zlib that `gzip-scan.ts` uses; @types/pako describes only its front. */
declare module 'pako/lib/zlib/inflate.js' {
  import type ZStream from 'pako/lib/zlib/zstream.js';
  const inflate: {
    inflateInit2(stream: ZStream, windowBits: number): number;
    inflateReset(stream: ZStream): number;
    inflate(stream: ZStream, flush: number): number;
  };
  export default inflate;
}

declare module 'pako/lib/zlib/zstream.js' {
  export default class ZStream {
    input: Uint8Array | null;
    next_in: number;
    avail_in: number;
    output: Uint8Array | null;
    next_out: number;
    avail_out: number;
    msg: string;
    data_type: number;
  }
}
