import type { Variable } from '../progressive/network/variables.js';
import { innerLength, waveGanLayers, type WaveGanConfig } from './wavegan-config.js';

/** Names and shapes are those of the original's checkpoints; the classification head, which it lacks, is named alike. */
export const projectName = 'G/z_project/dense';
export const scoreName = 'D/output/dense';
export const classifierName = 'D/classification_logits/dense';
export const upName = (layer: number, upsampling: WaveGanConfig['upsampling']): string =>
  `G/upconv_${layer}/${upsampling === 'zeros' ? 'conv2d_transpose' : 'conv1d'}`;
export const downName = (layer: number): string => `D/downconv_${layer}/conv1d`;

/** Kernel and bias. The deviation is Glorot's; the trainer draws from the uniform distribution of that deviation, as the original. */
function kernelAndBias(name: string, shape: readonly number[], fanIn: number, fanOut: number, units: number): Variable[] {
  return [
    { name: `${name}/bias`, shape: [units], initial: { kind: 'zeros' }, trainable: true },
    { name: `${name}/kernel`, shape, initial: { kind: 'normal', deviation: Math.sqrt(2 / (fanIn + fanOut)) }, trainable: true },
  ];
}

/** The variables of a network in ascending order of name. */
export function waveGanVariables(network: 'generator' | 'critic', config: WaveGanConfig): Variable[] {
  const { kernelLength: k, latentSize, pitches, upsampling } = config;
  const { inner, layers } = waveGanLayers(config);
  const variables: Variable[] = [];
  if (network === 'generator') {
    const [inputs, units] = [latentSize + pitches.length, innerLength * inner];
    variables.push(...kernelAndBias(projectName, [inputs, units], inputs, units, units));
    layers.forEach(({ channels }, index) => {
      const from = index === 0 ? inner : (layers[index - 1]?.channels ?? 0);
      const shape = upsampling === 'zeros' ? [1, k, channels, from] : [k, from, channels];
      variables.push(...kernelAndBias(upName(index, upsampling), shape, k * from, k * channels, channels));
    });
  } else {
    const widths = [...layers.map(({ channels }) => channels).reverse(), inner];
    for (let index = 0; index < layers.length; index++) {
      const [from, to] = [widths[index]!, widths[index + 1]!];
      variables.push(...kernelAndBias(downName(index), [k, from, to], k * from, k * to, to));
    }
    const features = innerLength * inner;
    variables.push(...kernelAndBias(scoreName, [features, 1], features, 1, 1));
    if (pitches.length > 0)
      variables.push(...kernelAndBias(classifierName, [features, pitches.length], features, pitches.length, pitches.length));
  }
  return variables.sort((a, b) => (a.name < b.name ? -1 : 1));
}
