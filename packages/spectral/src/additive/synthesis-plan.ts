import { BLOCK, frameCentres, partialPlaces, type PartialPlace } from './layout.js';
import type { AdditiveJSON } from './options.js';

/** Where between the frames a block's edge lies: value = (1 - weight) x frame + weight x the next. */
export interface Edges {
  /** Blocks of BLOCK samples; there is one edge more. */
  readonly blocks: number;
  readonly frame: Int32Array;
  readonly weight: Float64Array;
  /** Rises from 0 at the first sample to 1 in the middle of the first frame: a note starts from silence. */
  readonly fade: Float64Array;
}

export function blockEdges(json: AdditiveJSON): Edges {
  const centres = frameCentres(json);
  const blocks = Math.ceil(json.samples / BLOCK);
  const frame = new Int32Array(blocks + 1);
  const weight = new Float64Array(blocks + 1);
  const fade = new Float64Array(blocks + 1);
  let i = 0;
  for (let edge = 0; edge <= blocks; edge++) {
    const at = edge * BLOCK;
    while (i < centres.length - 2 && at >= centres[i + 1]!) i++;
    const [from, to] = [centres[i]!, centres[i + 1]!];
    frame[edge] = i;
    weight[edge] = Math.max(0, Math.min(1, (at - from) / (to - from)));
    fade[edge] = Math.min(1, at / centres[0]!);
  }
  return { blocks, frame, weight, fade };
}

/** One partial of a pitch. */
export interface Partial extends PartialPlace {
  /** Turns a sample. */
  readonly turn: number;
  /** Turns at the first sample. */
  readonly phase: number;
}

/** The partials of a fundamental, with phases that spread their crests over the period, which keeps peaks low. @see Schroeder 1970 */
export function partialsOf(json: AdditiveJSON, fundamental: number): Partial[] {
  return partialPlaces(json, fundamental).map(({ number, bin }) => ({
    number,
    bin,
    turn: (number * fundamental) / json.sampleRate,
    phase: (-number * (number - 1)) / 128,
  }));
}
