import type { Communicator } from './communicator.js';
import { ProcessError } from './errors.js';

/** 1, 2, 4, ... below the number of processes: the distances to a process's partners. */
export const distances = (ranks: number): number[] => Array.from({ length: Math.log2(ranks) }, (_, level) => 2 ** level);

/**
 * What each process holds, on each of them, in the order of the ranks, by recursive doubling. All call it, with blocks of one size; their number is a power
 * of two.
 */
export async function gather({ rank, ranks, exchange }: Communicator, mine: Uint8Array): Promise<Uint8Array[]> {
  const size = mine.byteLength;
  const all = new Uint8Array(ranks * size);
  all.set(mine, rank * size);
  for (const distance of distances(ranks)) {
    // The blocks of `distance` ranks that are known here, and those that the partner knows.
    const first = rank - (rank % distance);
    const other = first ^ distance;
    const part = (from: number): Uint8Array => all.subarray(from * size, (from + distance) * size);
    await exchange(rank ^ distance, part(first), part(other));
  }
  return Array.from({ length: ranks }, (_, index) => all.subarray(index * size, (index + 1) * size));
}

const mostBytes = 2 ** 20;

/** Texts of all processes, in the order of the ranks. @throws ProcessError for more than a MiB */
export async function gatherTexts(communicator: Communicator, text: string): Promise<string[]> {
  const bytes = new TextEncoder().encode(text);
  if (bytes.length > mostBytes) throw new ProcessError(`expected a text of at most ${mostBytes} bytes, found ${bytes.length}.`);
  const sizes = await gather(communicator, new Uint8Array(Uint32Array.of(bytes.length).buffer));
  const lengths = sizes.map((size) => new Uint32Array(size.slice().buffer)[0]!);
  const block = new Uint8Array(Math.max(1, ...lengths));
  block.set(bytes);
  const blocks = await gather(communicator, block);
  return blocks.map((one, index) => new TextDecoder().decode(one.subarray(0, lengths[index])));
}
