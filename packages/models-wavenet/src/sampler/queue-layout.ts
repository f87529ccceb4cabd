import { conditioningChannels, hopOf } from '../config/conditioning-config.js';
import { outputChannels } from '../config/output-config.js';
import { dilations, type WaveNetConfig } from '../config/wavenet-config.js';
import { matrixBytes, vectorRows, type Precision } from './precision.js';

/** Below this many notes, each is computed by itself; from here on in tiles of eight, which take as long as three. */
const fewestInTiles = 4;

/** Steps for which a single note's older taps are taken at once. */
const stepsAhead = 8;

/** A matrix and its biases in the sampler's memory, packed in panels of outputs. Both sizes with all that is rounded up. */
export interface Packed {
  readonly address: number;
  readonly precision: Precision;
  readonly inputs: number;
  readonly outputs: number;
  /** Outputs side by side. */
  readonly panel: number;
}

export interface LayerLayout {
  readonly dilation: number;
  /** Oldest first, one after the other. Where the older ones are taken for eight steps at once, they are packed for that. */
  readonly taps: readonly Packed[];
  /** Where sums of eight steps to come lie, of the first tile; 0: every tap is taken step by step. */
  readonly ahead: number;
  readonly condition: Packed;
  /** The last layer has none. */
  readonly residual: Packed | null;
  readonly skips: Packed;
  /** Of the first tile. */
  readonly ring: number;
}

/** Where everything lies in the sampler's memory, in bytes. What each part is, says assembly/plan.ts. */
export interface QueueLayout {
  readonly precision: Precision;
  readonly notes: number;
  /** 1 or 8 notes side by side. */
  readonly lanes: number;
  readonly tiles: number;
  readonly width: number;
  readonly skip: number;
  readonly outputs: number;
  readonly channels: number;
  /** The plan of all notes, and after it one for each thread. */
  readonly plan: number;
  readonly planBytes: number;
  /** Two words, where threads wait for each other. */
  readonly barrier: number;
  readonly start: Packed;
  readonly skipStart: Packed;
  readonly out1: Packed;
  readonly out1Condition: Packed;
  readonly logits: Packed;
  readonly layers: readonly LayerLayout[];
  /** Parts of the first tile. */
  readonly parts: Readonly<Record<PartName, number>>;
  /** First byte of the first tile's state. */
  readonly state: number;
  readonly tileBytes: number;
  /** Of the first thread. */
  readonly scratch: number;
  readonly scratchBytes: number;
  /** Of the first thread. */
  readonly gathered: number;
  readonly gatheredBytes: number;
  /** From here on: what goes in and out. */
  readonly exchange: number;
  readonly weightBytes: number;
}

/** Bytes of a plan; its words are in assembly/plan.ts. */
export const planSize = (layers: number): number => 4 * (39 + 8 * layers);

export type PartName = 'inputs' | 'frame' | 'x' | 'gated' | 'skip' | 'head' | 'sums' | 'output' | 'conditions' | 'headCondition';

const up = (value: number, multiple: number): number => Math.ceil(value / multiple) * multiple;

export interface QueueLayoutOptions {
  readonly precision: Precision;
  /** That sample the notes. Default 1. */
  readonly threads?: number;
}

/** @param notes sampled at a time */
export function queueLayout(config: WaveNetConfig, notes: number, { precision, threads = 1 }: QueueLayoutOptions): QueueLayout {
  const lanes = notes < fewestInTiles ? 1 : 8;
  const tiles = Math.ceil(notes / lanes);
  const taps = config.kernelLength;
  const [width, skip] = [up(config.width, 32), up(config.skipWidth, 32)];
  const outputs = up(outputChannels(config.output), 32);
  const channels = conditioningChannels(config.conditioning);

  // The compiler's own data lie in the first page.
  let at = 65_536;
  const take = (bytes: number): number => {
    const address = at;
    at = up(at + bytes, 64);
    return address;
  };
  const usual = lanes === 8 ? 4 : 32;
  const matrix = (inputs: number, to: number, { panel = usual, as = precision } = {}): Packed => ({
    address: take(matrixBytes(as, inputs, to)),
    precision: as,
    inputs,
    outputs: to,
    panel,
  });
  // Few weights, or read once a frame; and what is lost in the last layers is heard most.
  const exact = (inputs: number, to: number): Packed => matrix(inputs, to, { as: 'float32' });
  // What a dilation of eight or more looks back at is known for eight steps, of one conditioning.
  const { conditioning } = config;
  const steady = conditioning.kind === 'none' || hopOf(conditioning) % stepsAhead === 0;
  const looksAhead = (dilation: number): boolean => lanes === 1 && steady && taps > 1 && dilation >= stepsAhead;
  const planBytes = up(planSize(config.layers), 64);
  const plan = take(planBytes * (threads + 1));
  const barrier = take(8);
  const before = at;
  const start = exact(taps, width);
  const skipStart = matrix(width, skip);
  const weights = dilations(config).map((dilation, index) => ({
    dilation,
    // Their sizes are multiples of 64, so they lie one after the other without gaps.
    taps: Array.from({ length: taps }, (_, tap) =>
      matrix(width, 2 * width, looksAhead(dilation) && tap < taps - 1 ? { panel: 4 } : {}),
    ),
    condition: exact(channels, 2 * width),
    residual: index < config.layers - 1 ? matrix(width, width) : null,
    skips: matrix(width, skip),
  }));
  const out1 = exact(skip, skip);
  const out1Condition = exact(channels, skip);
  const logits = exact(skip, outputs);
  const weightBytes = at - before;

  const [scratchBytes, gatheredBytes] = [Math.max(4 * 256, matrixBytes('float32', width, 4)), 4 * width * stepsAhead];
  const scratch = take(scratchBytes * threads);
  const gathered = take(gatheredBytes * threads);
  const state = at;
  const part = (rows: number): number => take(4 * rows * lanes);
  const vector = (rows: number): number => part(rows + (precision === 'int8' ? vectorRows(precision, rows) : 0));
  const parts = {
    inputs: part(taps),
    frame: part(channels),
    x: vector(width),
    gated: vector(width),
    skip: part(skip),
    head: part(skip),
    sums: part(2 * width),
    output: part(outputs),
    conditions: part(config.layers * 2 * width),
    headCondition: part(skip),
  };
  const layers = weights.map((layer) => ({
    ...layer,
    ring: part((taps - 1) * layer.dilation * vectorRows(precision, width)),
    ahead: looksAhead(layer.dilation) ? part(2 * width * stepsAhead) : 0,
  }));
  const tileBytes = at - state;
  const exchange = state + tiles * tileBytes;
  return {
    precision,
    notes,
    lanes,
    tiles,
    width,
    skip,
    outputs,
    channels,
    plan,
    planBytes,
    barrier,
    start,
    skipStart,
    out1,
    out1Condition,
    logits,
    layers,
    parts,
    state,
    tileBytes,
    scratch,
    scratchBytes,
    gathered,
    gatheredBytes,
    exchange,
    weightBytes,
  };
}
