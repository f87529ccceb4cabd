/** Numbers that files lie with. */
const liars = [0, 1, 2, 0x7f, 0x80, 0xff, 0x7fff, 0x8000, 0xffff, 0x7fffffff, 0x80000000, 0xffffffff, 0xfffffff0, 44100];

/** A stream of numbers from 0 to below 1 that is the same in every run. */
function random(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let word = Math.imul(state ^ (state >>> 15), state | 1);
    word ^= word + Math.imul(word ^ (word >>> 7), word | 61);
    return ((word ^ (word >>> 14)) >>> 0) / 2 ** 32;
  };
}

type Mutation = (bytes: Buffer, pick: (below: number) => number) => Buffer;

const mutations: readonly Mutation[] = [
  // one bit
  (bytes, pick) => {
    const at = pick(bytes.length);
    bytes[at] = bytes[at]! ^ (1 << pick(8));
    return bytes;
  },
  // one byte
  (bytes, pick) => {
    bytes[pick(bytes.length)] = pick(256);
    return bytes;
  },
  // a length or a rate, in either byte order
  (bytes, pick) => {
    if (bytes.length < 8) return bytes;
    const at = pick(bytes.length - 4);
    const value = liars[pick(liars.length)]!;
    if (pick(2) === 0) bytes.writeUInt32LE(value, at);
    else bytes.writeUInt32BE(value, at);
    return bytes;
  },
  // cut short
  (bytes, pick) => bytes.subarray(0, pick(bytes.length + 1)),
  // a piece lost
  (bytes, pick) => {
    const at = pick(bytes.length);
    return Buffer.concat([bytes.subarray(0, at), bytes.subarray(at + 1 + pick(64))]);
  },
  // a piece twice
  (bytes, pick) => {
    const at = pick(bytes.length);
    return Buffer.concat([bytes.subarray(0, at + 1 + pick(600)), bytes.subarray(at)]);
  },
  // strange bytes between
  (bytes, pick) => {
    const at = pick(bytes.length);
    return Buffer.concat([
      bytes.subarray(0, at),
      Buffer.from(Array.from({ length: 1 + pick(40) }, () => pick(256))),
      bytes.subarray(at),
    ]);
  },
  // a piece overwritten by zeros or ones
  (bytes, pick) => {
    const at = pick(bytes.length);
    return bytes.fill(pick(2) * 255, at, Math.min(bytes.length, at + 1 + pick(100)));
  },
  // text replaced by other text
  (bytes, pick) => {
    const words = [
      '"',
      '{',
      '}',
      '[',
      ']',
      ',',
      ':',
      '-',
      '1e999',
      'null',
      'NaN',
      '../../x',
      '\\u0000',
      '\u0000',
      '999999999999999999999',
      'true',
    ];
    const at = pick(bytes.length);
    return Buffer.concat([bytes.subarray(0, at), Buffer.from(words[pick(words.length)]!), bytes.subarray(at + pick(4))]);
  },
];

/** Variants of a file with one to four things wrong, the same ones in every run. */
export function* mutants(original: Uint8Array, count: number, seed: number): Generator<Buffer> {
  for (let number = 0; number < count; number++) {
    const next = random(seed * 1_000_003 + number);
    const pick = (below: number): number => Math.floor(next() * below);
    let bytes: Buffer = Buffer.from(original);
    for (let k = 0; k <= pick(4) && bytes.length > 0; k++) bytes = Buffer.from(mutations[pick(mutations.length)]!(bytes, pick));
    yield bytes;
  }
}
