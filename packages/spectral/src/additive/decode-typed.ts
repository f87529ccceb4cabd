import { BLOCK } from './layout.js';
import { rmsOf } from './levels.js';
import { noiseBands, noiseStart } from './noise-bands.js';
import type { AdditiveJSON } from './options.js';
import { blockEdges, partialsOf, type Edges } from './synthesis-plan.js';

/** A sine of SIZE steps a turn: within 5e-5 of it. */
const SIZE = 65_536;
let sine: Float32Array | undefined;

const sineTable = (): Float32Array =>
  (sine ??= Float32Array.from({ length: SIZE }, (_, i) => Math.sin((2 * Math.PI * (i + 0.5)) / SIZE)));

/** Amplitudes below this are not heard (-100 dB). */
const INAUDIBLE = 1e-5;

/** A column of the image at the edges of the blocks. */
function atEdges(image: Float32Array, column: number, width: number, { blocks, frame, weight }: Edges): Float64Array {
  const values = new Float64Array(blocks + 1);
  for (let edge = 0; edge <= blocks; edge++) {
    const [i, w] = [frame[edge]!, weight[edge]!];
    const [low, high] = [image[i * width + column]!, image[(i + 1) * width + column]!];
    values[edge] = low + w * (high - low);
  }
  return values;
}

/** Amplitudes of a column of levels at the edges of the blocks: root mean squares times `scale`. */
function amplitudes(image: Float32Array, column: number, width: number, edges: Edges, scale: number): Float64Array {
  const levels = atEdges(image, column, width, edges);
  return levels.map((level, edge) => scale * rmsOf(level) * edges.fade[edge]!);
}

/** Adds a partial whose amplitude and frequency are given a block. */
function addPartial(
  sum: Float64Array,
  amplitude: Float64Array,
  deviation: Float64Array,
  { turn, phase }: { turn: number; phase: number },
): void {
  const table = sineTable();
  let at = phase;
  for (let block = 0; block + 1 < amplitude.length; block++) {
    const [from, to] = [amplitude[block]!, amplitude[block + 1]!];
    const step = turn * (1 + (deviation[block]! + deviation[block + 1]!) / 200);
    if (from > INAUDIBLE || to > INAUDIBLE) {
      const slope = (to - from) / BLOCK;
      // In 32-bit fractions of a turn, which wrap by themselves.
      let angle = Math.round((at - Math.floor(at)) * 2 ** 32) | 0;
      const turnStep = Math.round(step * 2 ** 32) | 0;
      let value = from;
      for (let n = block * BLOCK; n < (block + 1) * BLOCK; n++) {
        sum[n] = sum[n]! + value * table[angle >>> 16]!;
        value += slope;
        angle = (angle + turnStep) | 0;
      }
    }
    at += step * BLOCK;
    at -= Math.floor(at);
  }
}

function addNoise(sum: Float64Array, amplitude: Float64Array, noise: Float32Array, start: number): void {
  const mask = noise.length - 1;
  for (let block = 0; block + 1 < amplitude.length; block++) {
    const [from, to] = [amplitude[block]!, amplitude[block + 1]!];
    if (from <= INAUDIBLE && to <= INAUDIBLE) continue;
    const slope = (to - from) / BLOCK;
    let value = from;
    for (let n = block * BLOCK; n < (block + 1) * BLOCK; n++) {
      sum[n] = sum[n]! + value * noise[(start + n) & mask]!;
      value += slope;
    }
  }
}

/** One image, [frames, bins, 2] row by row, to samples, at whatever level they come. */
export function decodeNote(
  image: Float32Array,
  audio: Float32Array,
  pitch: number,
  fundamental: number,
  json: AdditiveJSON,
): void {
  const { bins, noiseBands: bands } = json;
  const edges = blockEdges(json);
  const width = 2 * bins;
  const sum = new Float64Array(edges.blocks * BLOCK);
  let bin = -1;
  let amplitude: Float64Array = new Float64Array(0);
  let deviation: Float64Array = new Float64Array(0);
  for (const partial of partialsOf(json, fundamental)) {
    if (partial.bin !== bin) {
      bin = partial.bin;
      amplitude = amplitudes(image, 2 * bin, width, edges, Math.SQRT2);
      deviation = atEdges(image, 2 * bin + 1, width, edges);
    }
    addPartial(sum, amplitude, deviation, partial);
  }
  if (bands > 0) {
    const { period, bands: noises } = noiseBands(json);
    for (const [b, noise] of noises.entries()) {
      addNoise(sum, amplitudes(image, 2 * (bins - bands + b), width, edges, 1), noise, noiseStart(pitch, period));
    }
  }
  audio.set(sum.subarray(0, audio.length));
}
