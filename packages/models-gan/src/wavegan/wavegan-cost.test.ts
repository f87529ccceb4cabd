import { describe, expect, it } from 'vitest';
import { waveGanConfig } from './wavegan-config.js';
import { waveGanCost } from './wavegan-cost.js';

const pitches = Array.from({ length: 61 }, (_, i) => 24 + i);

describe('the cost of a WaveGAN', () => {
  it('is that of the published layout: dim 64, 65,536 samples', () => {
    const config = waveGanConfig({ pitches });
    // Donahue et al. 2019, appendix D, with the pitches beside z and a classifier beside the score.
    const widths = [2048, 1024, 512, 256, 128, 64, 1];
    const kernels = widths.slice(1).reduce((sum, width, i) => sum + 25 * width * widths[i]! + width, 0);
    expect(waveGanCost('generator', config).parameters).toBe((100 + 61 + 1) * 16 * 2048 + kernels);
    const back = [1, 64, 128, 256, 512, 1024, 2048];
    const down = back.slice(1).reduce((sum, width, i) => sum + 25 * width * back[i]! + width, 0);
    expect(waveGanCost('critic', config).parameters).toBe(down + 16 * 2048 * 62 + 62);
  });

  it('counts each multiplication of a small one', () => {
    const config = waveGanConfig({ samples: 16_384, dim: 1, kernelLength: 3, latentSize: 2, pitches: [60] });
    // Widths 16, 8, 4, 2, 1, 1 at lengths 16, 64, 256, 1024, 4096 before each layer of stride 4.
    const layers = [16 * 8 * 16, 8 * 4 * 64, 4 * 2 * 256, 2 * 1 * 1024, 1 * 1 * 4096].reduce((a, b) => a + b, 0);
    expect(waveGanCost('generator', config).multiplyAdds).toBe(3 * 16 * 16 + 3 * layers);
    expect(waveGanCost('generator', { ...config, upsampling: 'nearest' }).multiplyAdds).toBe(3 * 16 * 16 + 4 * 3 * layers);
    // The same layers the other way round, and a score and a class of 256 features.
    expect(waveGanCost('critic', config).multiplyAdds).toBe(3 * layers + 256 * 2);
  });
});
