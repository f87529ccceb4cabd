import * as P from './plan';
import { address, word } from './plan';

// Several threads compute the same notes: each its share of the outputs of every matrix, in whole panels.
let share: i32 = 0;
let shares: i32 = 1;
let barrier: usize = 0;

export function locateShare(plan: usize): void {
  share = word(plan, P.SHARE);
  shares = word(plan, P.SHARES);
  barrier = address(plan, P.BARRIER);
}

// The first of the thread's outputs among `count`, and the first of the next thread's.
export function firstOf(count: i32): i32 {
  return (((count >> 5) * share) / shares) << 5;
}

export function endOf(count: i32): i32 {
  return (((count >> 5) * (share + 1)) / shares) << 5;
}

export function isFirst(): bool {
  return share === 0;
}

// Iterations of waiting, about a millisecond, before the processor is left to others for a while.
const patience = 1 << 18;

// Returns when all threads have come here: then each sees what the others have written.
export function meet(): void {
  if (!ASC_FEATURE_THREADS || shares === 1) return;
  const turn = atomic.load<i32>(barrier, 4);
  if (atomic.add<i32>(barrier, 1) === shares - 1) {
    atomic.store<i32>(barrier, 0);
    atomic.add<i32>(barrier, 1, 4);
    return;
  }
  let waited = 0;
  while (atomic.load<i32>(barrier, 4) === turn) {
    waited++;
    if (waited > patience) atomic.wait<i32>(barrier + 4, turn, 50_000);
  }
}
