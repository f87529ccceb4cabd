/** A place from which a gzip stream can be unpacked without what comes before. */
export interface Checkpoint {
  /** Bytes of unpacked data before it. */
  readonly unpacked: number;
  /** Byte of the file where it lies. */
  readonly packed: number;
  /** Bits of that byte that belong to what comes before. */
  readonly bits: number;
  /** The last 32 KiB of unpacked data, which what follows may refer to; none at the start of a gzip member. */
  readonly window: Uint8Array | undefined;
}

export const windowBytes = 32768;
const mostWindows = 1024;
const mostMembers = 1 << 22;

const shared = (bytes: number): SharedArrayBuffer => new SharedArrayBuffer(bytes);

/**
 * Checkpoints of one file, ascending, in shared memory so that a worker gets them without a copy. Windows take 32 MiB at most:
 * when they get too many every second one goes, and the distance to the next doubles.
 */
export class Checkpoints {
  /** Triples of unpacked, packed, and bits + 8 * (window number + 1). */
  #entries: Float64Array = new Float64Array(shared(3 * 64 * 8));
  #length = 0;
  #windows: Uint8Array = new Uint8Array(shared(0));
  #windowCount = 0;
  #spacing: number;

  constructor(spacing: number = 1 << 20) {
    this.#spacing = spacing;
  }

  get length(): number {
    return this.#length;
  }

  #field(index: number, field: 0 | 1 | 2): number {
    return this.#entries[3 * index + field]!;
  }

  /** True if enough has been unpacked since the last checkpoint for a new one. */
  isDue(unpacked: number): boolean {
    return unpacked - (this.#length === 0 ? 0 : this.#field(this.#length - 1, 0)) >= this.#spacing;
  }

  /** False if there are more than can be kept: a stream of millions of tiny members. */
  add({ unpacked, packed, bits, window }: Checkpoint): boolean {
    if (this.#length > 0 && this.#field(this.#length - 1, 0) === unpacked) this.#length--;
    if (window !== undefined && this.#windowCount === mostWindows) this.#thin();
    if (this.#length === mostMembers) return false;
    if (3 * (this.#length + 1) > this.#entries.length) {
      const grown = new Float64Array(shared(16 * this.#entries.length));
      grown.set(this.#entries);
      this.#entries = grown;
    }
    let packedBits = bits;
    if (window !== undefined) {
      if ((this.#windowCount + 1) * windowBytes > this.#windows.length) {
        const grown = new Uint8Array(shared(Math.min(mostWindows, Math.max(16, 2 * this.#windowCount)) * windowBytes));
        grown.set(this.#windows);
        this.#windows = grown;
      }
      this.#windows.set(window, (this.#windowCount + 1) * windowBytes - window.length);
      packedBits += 8 * ++this.#windowCount;
    }
    this.#entries.set([unpacked, packed, packedBits], 3 * this.#length++);
    return true;
  }

  #thin(): void {
    let [length, windows] = [0, 0];
    for (let index = 0; index < this.#length; index++) {
      const window = Math.floor(this.#field(index, 2) / 8);
      if (window > 0 && window % 2 === 0) continue;
      let packedBits = this.#field(index, 2);
      if (window > 0) {
        this.#windows.copyWithin(windows * windowBytes, (window - 1) * windowBytes, window * windowBytes);
        packedBits = (packedBits % 8) + 8 * ++windows;
      }
      this.#entries.set([this.#field(index, 0), this.#field(index, 1), packedBits], 3 * length++);
    }
    this.#length = length;
    this.#windowCount = windows;
    this.#spacing *= 2;
  }

  get(index: number): Checkpoint {
    const packedBits = this.#field(index, 2);
    const window = Math.floor(packedBits / 8);
    return {
      unpacked: this.#field(index, 0),
      packed: this.#field(index, 1),
      bits: packedBits % 8,
      window: window === 0 ? undefined : this.#windows.subarray((window - 1) * windowBytes, window * windowBytes),
    };
  }

  /** Number of the last checkpoint at or before `unpacked`, or -1. */
  before(unpacked: number): number {
    let [low, high] = [0, this.#length];
    while (low < high) {
      const middle = (low + high) >> 1;
      if (this.#field(middle, 0) <= unpacked) low = middle + 1;
      else high = middle;
    }
    return low - 1;
  }

  /** What to store, or to send to a worker. */
  parts(): CheckpointParts {
    return {
      entries: this.#entries.subarray(0, 3 * this.#length),
      windows: this.#windows.subarray(0, this.#windowCount * windowBytes),
    };
  }

  static from({ entries, windows }: CheckpointParts): Checkpoints {
    const checkpoints = new Checkpoints();
    checkpoints.#entries = entries;
    checkpoints.#length = entries.length / 3;
    checkpoints.#windows = windows;
    checkpoints.#windowCount = windows.length / windowBytes;
    return checkpoints;
  }
}

export interface CheckpointParts {
  readonly entries: Float64Array;
  readonly windows: Uint8Array;
}
