/** One side of a comparison: what to run, and how to name it in the table. */
export interface Contender {
  readonly name: string;
  readonly run: () => unknown;
}

export interface Timing {
  readonly name: string;
  /** Median wall time of one run, in milliseconds. */
  readonly milliseconds: number;
  /** Wall time of the fastest run, in milliseconds: on a machine that does other things too. */
  readonly best: number;
}

const median = (values: readonly number[]): number => {
  const sorted = [...values].sort((a, b) => a - b);
  const middle = sorted.length >> 1;
  return sorted.length % 2 ? sorted[middle]! : (sorted[middle - 1]! + sorted[middle]!) / 2;
};

/**
 * Times contenders in turn (A B C A B C ...), so that a drift of the machine's speed falls on all alike.
 *
 * @returns one timing per contender, in the order given
 */
export async function measure(contenders: readonly Contender[], { runs = 7, warmup = 2 } = {}): Promise<Timing[]> {
  const times = contenders.map((): number[] => []);
  for (let round = -warmup; round < runs; round++) {
    for (const [index, { run }] of contenders.entries()) {
      const start = performance.now();
      await run();
      if (round >= 0) times[index]?.push(performance.now() - start);
    }
  }
  return contenders.map(({ name }, index) => ({ name, milliseconds: median(times[index]!), best: Math.min(...times[index]!) }));
}

/** Two decimals, or three digits of what is less than one. */
const digits = (value: number): string => (value < 1 ? value.toPrecision(3) : value.toFixed(2));

/** Prints timings, each also as a ratio to the last one, the reference. */
export function report(title: string, timings: readonly Timing[], per = 1): void {
  const reference = timings.at(-1)!;
  console.log(`\n${title}  (reference: ${reference.name})`);
  for (const { name, milliseconds } of timings) {
    const ratio = reference.milliseconds / milliseconds;
    console.log(`  ${name.padEnd(44)} ${digits(milliseconds / per).padStart(10)} ms   ${ratio.toFixed(2).padStart(7)} x as fast`);
  }
}
