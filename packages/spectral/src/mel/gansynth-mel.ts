import { checkCount, checkPositive } from '../check.js';
import { approximateInverse } from './approximate-inverse.js';
import { sparseOperator, type SparseOperator, type Tap } from '../sparse-operator.js';

/** The pair of operators between a linear and a mel axis of the same length; [rows, columns] = [bins, bins]. */
export interface MelOperators {
  /** Linear power or phase to mel. */
  readonly forward: SparseOperator;
  /** Approximate inverse: mel to linear. */
  readonly inverse: SparseOperator;
}

/** The original's constants: HTK's scale, with its factor rounded. */
const hertzToMel = (hertz: number): number => 1127 * Math.log(1 + hertz / 700);
const melToHertz = (mel: number): number => 700 * (Math.exp(mel / 1127) - 1);

/** Narrowest band, in linear bins. */
const MINIMUM_BANDWIDTH = 1.5;

/**
 * Band edges in Hz, bins + 2 of them: band m rises from edge m to edge m + 1 and falls to edge m + 2. Evenly spaced in mel, then
 * bands narrower than 1.5 linear bins are widened one after the other IN PLACE, so that widening one moves its neighbours' edges too.
 * That overlap was not intended by the original, but its released models know no other matrix.
 */
export function gansynthBandEdges(bins: number, sampleRate: number): Float64Array {
  const nyquist = sampleRate / 2;
  const top = hertzToMel(nyquist);
  const edges = Float64Array.from({ length: bins + 2 }, (_, i) => (i * top) / (bins + 1));
  const narrowest = (MINIMUM_BANDWIDTH * nyquist) / bins;
  for (let band = 0; band < bins; band++) {
    const [lower, centre, upper] = [edges[band], edges[band + 1], edges[band + 2]] as unknown as [number, number, number];
    if (melToHertz(upper) - melToHertz(lower) >= narrowest) continue;
    const half = 1127 * Math.asinh((0.5 * narrowest) / (melToHertz(centre) + 700));
    edges[band] = centre - half;
    edges[band + 2] = centre + half;
  }
  return edges.map(melToHertz);
}

const cache = new Map<string, MelOperators>();

/**
 * GANSynth's mel operator and its approximate inverse, as sparse taps (2,042 of 1024 x 1024 entries are not zero).
 *
 * @param options `bins` length of both axes, at least 2; `sampleRate` in Hz, default 16,000
 * @returns operators whose values agree with the original's to 1e-12
 * @see `linear_to_mel_weight_matrix` in Magenta's spectral_ops; `_linear_to_mel_matrix`, `_mel_to_linear_matrix` in specgrams_helper
 */
export function gansynthMel({ bins, sampleRate = 16_000 }: { bins: number; sampleRate?: number }): MelOperators {
  checkCount(bins, 'gansynthMel', 'bins', 2);
  checkPositive(sampleRate, 'gansynthMel', 'sampleRate');
  const key = `${bins} ${sampleRate}`;
  let operators = cache.get(key);
  if (operators === undefined) cache.set(key, (operators = makeOperators(bins, sampleRate)));
  return operators;
}

function makeOperators(bins: number, sampleRate: number): MelOperators {
  const edges = gansynthBandEdges(bins, sampleRate);
  const edge = (i: number): number => edges[i]!;
  const taps: Tap[] = [];
  // Row 0 counts as DC and stays empty. Few rows lie under a band: walk only where the triangle can be above 0.
  const spacing = sampleRate / 2 / (bins - 1);
  for (let band = 0; band < bins; band++) {
    const [lower, centre, upper] = [edge(band), edge(band + 1), edge(band + 2)];
    const from = Math.max(1, Math.floor(Math.min(lower, upper) / spacing) - 1);
    const to = Math.min(bins - 1, Math.ceil(Math.max(lower, upper) / spacing) + 1);
    for (let row = from; row <= to; row++) {
      const frequency = row === bins - 1 ? sampleRate / 2 : row * spacing;
      const value = Math.min((frequency - lower) / (centre - lower), (upper - frequency) / (upper - centre));
      if (value > 0) taps.push({ row, column: band, value });
    }
  }
  const forward = sparseOperator(bins, bins, taps);
  return { forward, inverse: approximateInverse(forward) };
}
