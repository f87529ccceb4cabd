import { chiSquareTail, twoSidedNormal } from '../scores/distributions.js';

/** Ranks from 1, ties sharing their mean, and the sum of t^3 - t over groups of t equal values. */
export function ranks(values: readonly number[]): { readonly ranks: Float64Array; readonly ties: number } {
  const order = values.map((_, i) => i).sort((a, b) => values[a]! - values[b]!);
  const result = new Float64Array(values.length);
  let ties = 0;
  for (let from = 0; from < order.length;) {
    let to = from + 1;
    while (to < order.length && values[order[to]!] === values[order[from]!]) to++;
    for (let i = from; i < to; i++) result[order[i]!] = (from + 1 + to) / 2;
    ties += (to - from) ** 3 - (to - from);
    from = to;
  }
  return { ranks: result, ties };
}

export interface KruskalWallis {
  /** H, corrected for ties. */
  readonly statistic: number;
  readonly degreesOfFreedom: number;
  /** From the chi-square distribution. */
  readonly pValue: number;
}

/** Whether several groups of ratings come from one distribution; 1 if all ratings are equal. */
export function kruskalWallis(groups: readonly (readonly number[])[]): KruskalWallis {
  const all = groups.flat();
  const { ranks: ranked, ties } = ranks(all);
  const n = all.length;
  let at = 0;
  let sum = 0;
  for (const group of groups) {
    let rankSum = 0;
    for (let i = 0; i < group.length; i++) rankSum += ranked[at++]!;
    if (group.length > 0) sum += rankSum ** 2 / group.length;
  }
  const correction = 1 - ties / (n ** 3 - n);
  const statistic = correction > 0 ? Math.max(0, ((12 / (n * (n + 1))) * sum - 3 * (n + 1)) / correction) : 0;
  const degreesOfFreedom = groups.length - 1;
  return { statistic, degreesOfFreedom, pValue: chiSquareTail(statistic, degreesOfFreedom) };
}

export interface SignedRank {
  /** Smaller of the two rank sums. */
  readonly statistic: number;
  /** Differences that are not 0: only they count. */
  readonly count: number;
  /** Two-sided, from the normal distribution with the variance corrected for ties; 1 without differences. */
  readonly pValue: number;
}

/** Wilcoxon's signed-rank test of paired differences against 0. */
export function wilcoxonSignedRank(differences: readonly number[]): SignedRank {
  const used = differences.filter((d) => d !== 0);
  const n = used.length;
  const { ranks: ranked, ties } = ranks(used.map(Math.abs));
  const positive = used.reduce((sum, d, i) => sum + (d > 0 ? ranked[i]! : 0), 0);
  const statistic = Math.min(positive, (n * (n + 1)) / 2 - positive);
  const variance = (n * (n + 1) * (2 * n + 1)) / 24 - ties / 48;
  const z = variance > 0 ? (statistic - (n * (n + 1)) / 4) / Math.sqrt(variance) : 0;
  return { statistic, count: n, pValue: variance > 0 ? twoSidedNormal(z) : 1 };
}

/**
 * Krippendorff's alpha for ordinal ratings: 1 full agreement, 0 what chance gives, negative worse.
 *
 * @param units for each thing that was rated its ratings, from any raters; things with one rating do not count
 * @returns `null` if nothing was rated twice or all ratings are equal
 * @see Krippendorff 2011, Computing Krippendorff's alpha-reliability
 */
export function krippendorffAlpha(units: readonly (readonly number[])[]): number | null {
  const rated = units.filter((unit) => unit.length >= 2);
  const values = [...new Set(rated.flat())].sort((a, b) => a - b);
  const index = new Map(values.map((value, i) => [value, i]));
  const size = values.length;
  const coincidences = new Float64Array(size * size);
  for (const unit of rated) {
    for (const [i, a] of unit.entries()) {
      for (const [j, b] of unit.entries()) {
        if (i !== j) coincidences[index.get(a)! * size + index.get(b)!]! += 1 / (unit.length - 1);
      }
    }
  }
  const totals = values.map((_, c) => coincidences.subarray(c * size, (c + 1) * size).reduce((sum, value) => sum + value, 0));
  const n = totals.reduce((sum, value) => sum + value, 0);
  let [observed, expected] = [0, 0];
  for (let c = 0; c < size; c++) {
    let between = 0;
    for (let k = c; k < size; k++) {
      between += totals[k]!;
      const distance = (between - (totals[c]! + totals[k]!) / 2) ** 2;
      observed += coincidences[c * size + k]! * distance;
      expected += (totals[c]! * totals[k]! * distance) / (n - 1);
    }
  }
  return expected > 0 ? 1 - observed / expected : null;
}
