import { outputChannels } from '../config/output-config.js';
import type { WaveNetConfig } from '../config/wavenet-config.js';
import { noiseSize } from './noise.js';
import { mostOfVector, precisions } from './precision.js';
import type { QueueLayout } from './queue-layout.js';

/** Where what goes in and out lies, in bytes: that of all notes. */
export interface Exchange {
  readonly noise: number;
  readonly values: number;
}

/** What a thread computes: some tiles of notes, or its share of the outputs of all. */
export interface ThreadPart {
  readonly thread: number;
  readonly firstTile: number;
  readonly tiles: number;
  readonly share: number;
  readonly shares: number;
}

/** All there is. */
export const wholePart = ({ tiles }: QueueLayout): ThreadPart => ({ thread: 0, firstTile: 0, tiles, share: 0, shares: 1 });

/** Whether threads have notes of their own, and never wait for each other within a run; otherwise they share the outputs of each matrix. */
export const splitsNotes = ({ lanes, tiles }: QueueLayout): boolean => lanes === 8 && tiles > 1;

/** Threads that have something to do, of those that could be had. */
export const usefulThreads = (layout: QueueLayout, threads: number): number =>
  Math.min(threads, splitsNotes(layout) ? layout.tiles : layout.width / 32);

/** What each of several threads computes. */
export function threadParts(layout: QueueLayout, threads: number): ThreadPart[] {
  const { tiles } = layout;
  return Array.from({ length: threads }, (_, thread) => {
    if (!splitsNotes(layout)) return { ...wholePart(layout), thread, share: thread, shares: threads };
    const [from, to] = [thread, thread + 1].map((index) => Math.floor((tiles * index) / threads));
    return { thread, firstTile: from!, tiles: to! - from!, share: 0, shares: 1 };
  });
}

/** Word of a plan that says where predictions are recorded; 0: nowhere. */
export const recordWord = 30;

/** Where those of a plan's notes are, from the first of all. */
export const recordOffset = (config: WaveNetConfig, { lanes }: QueueLayout, { firstTile }: ThreadPart): number =>
  4 * firstTile * lanes * outputChannels(config.output);

/** Writes a plan, by which the compiled sampler finds everything, in the order of assembly/plan.ts. */
export function writePlan(
  config: WaveNetConfig,
  layout: QueueLayout,
  buffer: ArrayBufferLike,
  { at, part, exchange }: { readonly at: number; readonly part: ThreadPart; readonly exchange: Exchange },
): void {
  const { output } = config;
  const { parts, lanes } = layout;
  const mixtures = output.kind === 'mu-law' ? 0 : output.mixtures;
  const firstNote = part.firstTile * lanes;
  const own = part.firstTile * layout.tileBytes;
  const words = [
    config.layers,
    config.kernelLength,
    layout.width,
    layout.skip,
    layout.outputs,
    lanes,
    part.tiles,
    Math.min(layout.notes - firstNote, part.tiles * lanes),
    layout.channels,
    mixtures,
    0,
    layout.start.address,
    layout.skipStart.address,
    layout.out1.address,
    layout.out1Condition.address,
    layout.logits.address,
    layout.tileBytes,
    parts.inputs + own,
    parts.frame + own,
    parts.x + own,
    parts.gated + own,
    parts.skip + own,
    parts.head + own,
    parts.sums + own,
    parts.output + own,
    parts.conditions + own,
    parts.headCondition + own,
    layout.scratch + part.thread * layout.scratchBytes,
    exchange.noise + 4 * firstNote * noiseSize(output),
    exchange.values + 4 * firstNote,
    0,
    outputChannels(output),
    layout.gathered + part.thread * layout.gatheredBytes,
    part.share,
    part.shares,
    layout.barrier,
    layout.notes,
    precisions.indexOf(layout.precision),
    0,
    ...layout.layers.flatMap(({ dilation, taps, condition, residual, skips, ring, ahead }) => [
      dilation,
      (ahead === 0 ? taps[0] : taps.at(-1))?.address ?? 0,
      condition.address,
      residual?.address ?? 0,
      skips.address,
      ring + own,
      ahead === 0 ? 0 : (taps[0]?.address ?? 0),
      ahead,
    ]),
  ];
  new Uint32Array(buffer, at, words.length).set(words);
  const floats = new Float32Array(buffer, at, words.length);
  if (output.kind === 'logistics') floats[10] = output.logScaleFloor;
  floats[38] = mostOfVector(layout.width);
}
