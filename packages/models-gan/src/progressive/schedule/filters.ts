/** How the number of channels falls from block to block: `int(min(base / 2^(block * decay), max))`. */
export interface FilterSchedule {
  readonly base: number;
  readonly decay: number;
  readonly max: number;
}

/**
 * Channels of a block. Block 0 is the width of the critic's last vector.
 *
 * @param schedule the rule of the original, or the widths themselves, one for each of the blocks 0 ... R
 * @see `num_filters` of the original; Karras et al. 2018, table 2
 */
export function filterCount(schedule: FilterSchedule | readonly number[], block: number): number {
  if (Array.isArray(schedule)) return (schedule as readonly number[])[block] ?? 0;
  const { base, decay, max } = schedule as FilterSchedule;
  return Math.trunc(Math.min(base / 2 ** (block * decay), max));
}
