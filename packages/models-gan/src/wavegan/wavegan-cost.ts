import { innerLength, waveGanLayers, type WaveGanConfig } from './wavegan-config.js';
import { waveGanVariables } from './wavegan-variables.js';

/** What one network costs. */
export interface WaveGanCost {
  /** Trained numbers. */
  readonly parameters: number;
  /** Multiply-adds of one pass of one clip, without activations. */
  readonly multiplyAdds: number;
}

/**
 * Size and arithmetic of a WaveGAN, from the shapes of its layers. Transposed convolutions (`zeros`) multiply what is there, not the zeros
 * between; `nearest` convolves at the full length.
 */
export function waveGanCost(network: 'generator' | 'critic', config: WaveGanConfig): WaveGanCost {
  const parameters = waveGanVariables(network, config).reduce(
    (sum, { shape }) => sum + shape.reduce((product, size) => product * size, 1),
    0,
  );
  const { kernelLength, latentSize, pitches, upsampling } = config;
  const { inner, layers } = waveGanLayers(config);
  const features = innerLength * inner;
  if (network === 'generator') {
    let [length, from, multiplyAdds] = [innerLength, inner, (latentSize + pitches.length) * features];
    for (const { channels, stride } of layers) {
      multiplyAdds += kernelLength * from * channels * length * (upsampling === 'zeros' ? 1 : stride);
      [length, from] = [length * stride, channels];
    }
    return { parameters, multiplyAdds };
  }
  const widths = [...layers.map(({ channels }) => channels).reverse(), inner];
  let [length, multiplyAdds] = [config.samples, features * (1 + pitches.length)];
  for (const [index, { stride }] of layers.entries()) {
    length /= stride;
    multiplyAdds += kernelLength * (widths[index] ?? 0) * (widths[index + 1] ?? 0) * length;
  }
  return { parameters, multiplyAdds };
}
