import type { WaveNetConfig } from '../config/wavenet-config.js';
import type { QueueLayout } from './queue-layout.js';

/** Words of the plan, in the order of assembly/plan.ts, up to the layers'. */
export const planWords = { noise: 28, values: 29, record: 30, recorded: 31 } as const;

/** Writes the plan, by which the compiled sampler finds everything. */
export function writePlan(config: WaveNetConfig, layout: QueueLayout, buffer: ArrayBufferLike): void {
  const { output } = config;
  const { parts } = layout;
  const mixtures = output.kind === 'mu-law' ? 0 : output.mixtures;
  const words = [
    config.layers,
    config.kernelLength,
    layout.width,
    layout.skip,
    layout.outputs,
    layout.lanes,
    layout.tiles,
    layout.notes,
    layout.channels,
    mixtures,
    0,
    layout.start.address,
    layout.skipStart.address,
    layout.out1.address,
    layout.out1Condition.address,
    layout.logits.address,
    layout.tileBytes,
    parts.inputs.address,
    parts.frame.address,
    parts.x.address,
    parts.gated.address,
    parts.skip.address,
    parts.head.address,
    parts.sums.address,
    parts.output.address,
    parts.conditions.address,
    parts.headCondition.address,
    layout.scratch,
    0,
    0,
    0,
    0,
    layout.gathered,
    ...layout.layers.flatMap(({ dilation, taps, condition, residual, skips, ring, ahead }) => [
      dilation,
      (ahead === 0 ? taps[0] : taps.at(-1))?.address ?? 0,
      condition.address,
      residual?.address ?? 0,
      skips.address,
      ring,
      ahead === 0 ? 0 : (taps[0]?.address ?? 0),
      ahead,
    ]),
  ];
  new Uint32Array(buffer, layout.plan, words.length).set(words);
  if (output.kind === 'logistics') new Float32Array(buffer, layout.plan + 4 * 10, 1)[0] = output.logScaleFloor;
}
