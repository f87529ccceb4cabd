import type { NetworkConfig } from '../progressive/config.js';
import type { Growth } from '../progressive/network/stage-shape.js';
import { networkSteps } from '../progressive/network/variables.js';

/** Work and memory of one note. */
export interface CostEstimate {
  /** Multiplications, each with an addition, in convolutions and matrix products. */
  readonly multiplyAdds: number;
  /** Floating point operations: two a multiply-add. The passes between the convolutions, some percent, are not counted. */
  readonly flops: number;
  /** What the network as written needs. Paper, high resolution: 14.1e9. */
  readonly plainMultiplyAdds: number;
  /** Memory that stays taken until `dispose`. Backends may keep kernels a second time, packed. */
  readonly weightBytes: number;
  /** Memory taken on top while one note is computed, at its highest. Batches computed at once multiply it. */
  readonly peakBytes: number;
}

const bytesOfFloat = 4;

/**
 * @param multiplyAdds of the compiled graph
 * @param weightValues, peakValues float32 values
 */
export function costEstimate(
  config: NetworkConfig,
  growth: Growth,
  { multiplyAdds, weightValues, peakValues }: { multiplyAdds: number; weightValues: number; peakValues: number },
): CostEstimate {
  return {
    multiplyAdds,
    flops: 2 * multiplyAdds,
    plainMultiplyAdds: networkSteps('generator', config, growth).reduce((sum, step) => sum + step.multiplyAdds, 0),
    weightBytes: bytesOfFloat * weightValues,
    peakBytes: bytesOfFloat * peakValues,
  };
}
