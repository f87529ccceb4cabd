import { conditioningChannels, type ConditioningConfig, type PitchConditioning } from '../config/conditioning-config.js';
import type { EncoderConfig } from '../config/encoder-config.js';
import { outputChannels } from '../config/output-config.js';
import type { WaveNetConfig } from '../config/wavenet-config.js';

/** A variable of a network. */
export interface Variable {
  /** The original's: `dilatedconv_1/W`. */
  readonly name: string;
  readonly shape: readonly number[];
  /** False for the last layer's residual convolution, which nothing reads: it is in checkpoints, but nothing can be learnt of it. */
  readonly trainable: boolean;
  /** Values that each of a kernel's outputs is a sum of; null for biases, which start at zero. */
  readonly fanIn: number | null;
}

/** Parts of a network: the decoder is the WaveNet itself with its conditioning, the encoder that of the autoencoder. */
export type NetworkPart = 'decoder' | 'encoder';

/** A convolution's kernel [1, taps, inputs, outputs] and biases. */
function convolution(name: string, taps: number, inputs: number, outputs: number, trainable = true): Variable[] {
  return [
    { name: `${name}/W`, shape: [1, taps, inputs, outputs], trainable, fanIn: taps * inputs },
    { name: `${name}/biases`, shape: [outputs], trainable, fanIn: null },
  ];
}

/**
 * The variables of a network in ascending order of name, as the original's checkpoints have them.
 *
 * @param part one part alone. Default: all there is.
 */
export function waveNetVariables(config: WaveNetConfig, part?: NetworkPart): Variable[] {
  const { conditioning } = config;
  const encoder = conditioning.kind === 'frames' && conditioning.encoder;
  const variables = [
    ...(part === 'encoder' ? [] : decoderVariables(config)),
    ...(part === 'decoder' || !encoder ? [] : encoderVariables(encoder, conditioning.channels)),
  ];
  return variables.sort((a, b) => (a.name < b.name ? -1 : 1));
}

/** Number of values in all variables. */
export const parameterCount = (config: WaveNetConfig, part?: NetworkPart): number =>
  waveNetVariables(config, part).reduce((sum, { shape }) => sum + shape.reduce((product, side) => product * side, 1), 0);

function decoderVariables({ layers, width, skipWidth, kernelLength, output, conditioning }: WaveNetConfig): Variable[] {
  const variables = [...convolution('startconv', kernelLength, 1, width), ...convolution('skip_start', 1, width, skipWidth)];
  for (let layer = 1; layer <= layers; layer++) {
    variables.push(
      ...convolution(`dilatedconv_${layer}`, kernelLength, width, 2 * width),
      ...conditioningOf(`cond_map_${layer}`, conditioning, 2 * width),
      ...convolution(`res_${layer}`, 1, width, width, layer < layers),
      ...convolution(`skip_${layer}`, 1, width, skipWidth),
    );
  }
  variables.push(
    ...convolution('out1', 1, skipWidth, skipWidth),
    ...conditioningOf('cond_map_out1', conditioning, skipWidth),
    ...convolution('logits', 1, skipWidth, outputChannels(output)),
  );
  if (conditioning.kind === 'pitch') variables.push(...pitchVariables(conditioning));
  return variables;
}

function conditioningOf(name: string, conditioning: ConditioningConfig, outputs: number): Variable[] {
  const channels = conditioningChannels(conditioning);
  return channels === 0 ? [] : convolution(name, 1, channels, outputs);
}

/** Names of the pitch stack's layers, first to last. The original's are not published. */
export const pitchLayerNames = ({ dilations, plainLayers }: PitchConditioning): string[] => [
  ...dilations.map((_, index) => `pitch_dilatedconv_${index + 1}`),
  ...Array.from({ length: plainLayers }, (_, index) => `pitch_conv_${index + 1}`),
];

function pitchVariables(conditioning: PitchConditioning): Variable[] {
  const { pitches, width, kernelLength } = conditioning;
  return pitchLayerNames(conditioning).flatMap((name, index) => {
    const variables = convolution(name, kernelLength, index === 0 ? pitches.length : width, width);
    // Of the pitches one is on at a time: that many values are summed, and what is told of a pitch is as loud as what is heard.
    return index === 0 ? variables.map((one) => ({ ...one, fanIn: one.fanIn === null ? null : kernelLength })) : variables;
  });
}

function encoderVariables({ layers, width, kernelLength }: EncoderConfig, channels: number): Variable[] {
  const variables = [...convolution('ae_startconv', kernelLength, 1, width), ...convolution('ae_bottleneck', 1, width, channels)];
  for (let layer = 1; layer <= layers; layer++)
    variables.push(
      ...convolution(`ae_dilatedconv_${layer}`, kernelLength, width, width),
      ...convolution(`ae_res_${layer}`, 1, width, width),
    );
  return variables;
}
