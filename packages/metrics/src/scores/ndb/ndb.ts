import type { OptionNames } from '@gansynth/common/check-options';
import { checkOptions } from '../../check-options.js';
import { type Accumulator, type AccumulatorState, mergeable } from '../accumulator.js';
import { checkedNumber } from '../../note/audio.js';
import { twoSidedNormal } from '../distributions.js';
import { TooFewExamplesError } from '../../errors.js';
import type { Rows } from '../../numeric/rows.js';
import { binAssigner, binsHash, type NdbBins } from './bins.js';

export interface NdbOptions {
  readonly bins: NdbBins;
  /** A bin differs when its p-value is below this. Default 0.05. */
  readonly significance?: number;
  /** Instead of `significance`: a bin differs when |z| is above this. */
  readonly zThreshold?: number;
}

/** Their names, each once. */
export const ndbOptionNames: OptionNames<NdbOptions> = { bins: true, significance: true, zThreshold: true };

export interface NdbBatch {
  /** Features of reference examples, [n, dimensions]. */
  readonly reference?: Rows;
  /** Features of the examples to score, [m, dimensions]. */
  readonly generated?: Rows;
}

/** One bin; what figures 5 and 6 of the paper draw. */
export interface NdbBin {
  readonly referenceCount: number;
  readonly generatedCount: number;
  readonly referenceProportion: number;
  readonly generatedProportion: number;
  /** Standard error of the difference of proportions, from the pooled proportion. */
  readonly standardError: number;
  /** (reference - generated) / standard error; `null` in a bin that is empty in both sets. */
  readonly z: number | null;
  /** Two-tailed; `null` with z. */
  readonly pValue: number | null;
  readonly different: boolean;
}

export interface Ndb {
  /** Number of statistically different bins. */
  readonly ndb: number;
  /** `ndb / k`. Two samples of one distribution have about `significance` of it, not 0. */
  readonly ndbOverK: number;
  /** Jensen-Shannon divergence of the two distributions over bins, nats; 0 .. ln 2. */
  readonly jensenShannon: number;
  readonly k: number;
  readonly bins: readonly NdbBin[];
  readonly referenceCount: number;
  readonly generatedCount: number;
}

const KIND = 'ndb';

/**
 * Number of statistically different bins: the space of features is cut into cells round k centres, and each cell's share of the two sets is
 * compared by a two-proportion z-test.
 *
 * @see Richardson and Weiss 2018, section 4; Engel et al. 2019, section 5.1 and figures 5 and 6
 */
export function ndb(options: NdbOptions, state?: AccumulatorState): Accumulator<NdbBatch, Ndb> {
  checkOptions('ndb', options, ndbOptionNames);
  const { bins, significance = 0.05, zThreshold } = options;
  checkedNumber(significance, 0, 1, KIND, 'significance');
  if (zThreshold !== undefined) checkedNumber(zThreshold, 0, 1e9, KIND, 'zThreshold');
  const settings = { k: bins.k, bins: binsHash(bins) };
  const reference = Array.from({ length: bins.k }, () => 0);
  const generated = Array.from({ length: bins.k }, () => 0);
  const take = (other: AccumulatorState): void => {
    for (const [counts, more] of [
      [reference, other.sums['reference']],
      [generated, other.sums['generated']],
    ] as [number[], number[]][]) {
      for (let bin = 0; bin < bins.k; bin++) counts[bin]! += more[bin]!;
    }
  };
  if (state) take(mergeable(state, KIND, settings));
  let assign: ReturnType<typeof binAssigner> | undefined;
  return {
    update(batch) {
      const assigned = [batch.reference, batch.generated].map((rows) => rows && (assign ??= binAssigner(bins))(rows));
      for (const bin of assigned[0] ?? []) reference[bin]!++;
      for (const bin of assigned[1] ?? []) generated[bin]!++;
    },
    merge(other) {
      take(mergeable(other, KIND, settings));
    },
    compute() {
      const [n, m] = [reference, generated].map((counts) => counts.reduce((sum, count) => sum + count, 0)) as [number, number];
      if (n === 0 || m === 0) {
        throw new TooFewExamplesError(
          `${KIND}: expected reference and generated examples, found ${n} and ${m}. Call update with both.`,
          Math.min(n, m),
          1,
        );
      }
      const result = reference.map((count, i) => compareBin(count, generated[i]!, n, m, significance, zThreshold));
      const different = result.filter((bin) => bin.different).length;
      return {
        ndb: different,
        ndbOverK: different / bins.k,
        jensenShannon: jensenShannon(
          result.map((bin) => bin.referenceProportion),
          result.map((bin) => bin.generatedProportion),
        ),
        k: bins.k,
        bins: result,
        referenceCount: n,
        generatedCount: m,
      };
    },
    toJSON: () => ({ kind: KIND, settings, sums: { reference: [...reference], generated: [...generated] } }),
  };
}

function compareBin(
  referenceCount: number,
  generatedCount: number,
  n: number,
  m: number,
  significance: number,
  zThreshold: number | undefined,
): NdbBin {
  const [referenceProportion, generatedProportion] = [referenceCount / n, generatedCount / m];
  const pooled = (referenceCount + generatedCount) / (n + m);
  const standardError = Math.sqrt(pooled * (1 - pooled) * (1 / n + 1 / m));
  const z = standardError > 0 ? (referenceProportion - generatedProportion) / standardError : null;
  const pValue = z === null ? null : twoSidedNormal(z);
  const different = zThreshold === undefined ? pValue !== null && pValue < significance : z !== null && Math.abs(z) > zThreshold;
  return { referenceCount, generatedCount, referenceProportion, generatedProportion, standardError, z, pValue, different };
}

function jensenShannon(p: readonly number[], q: readonly number[]): number {
  let sum = 0;
  for (const [i, a] of p.entries()) {
    const b = q[i]!;
    const middle = (a + b) / 2;
    if (a > 0) sum += 0.5 * a * Math.log(a / middle);
    if (b > 0) sum += 0.5 * b * Math.log(b / middle);
  }
  return Math.max(0, sum);
}
