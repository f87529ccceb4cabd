import type { OptionNames } from '@gansynth/common/check-options';
import { checkOptions } from '../check-options.js';
import { checkedNumber } from '../note/audio.js';
import { ValueError } from '../errors.js';
import { checkInputSettings, type ClassifierInputSettings, defaultInput } from './input.js';

/** A convolution, batch norm and leaky ReLU; SAME padding. Sizes are [frequency, time]. */
export interface ClassifierBlock {
  readonly name: string;
  readonly kernel: readonly [number, number];
  readonly stride: readonly [number, number];
  readonly channels: number;
}

/** Sizes of the heads, which lie one after another in the logits. */
export interface ClassifierOutputs {
  /** Number of pitches. */
  readonly pitches: number;
  /** NSynth's note qualities, each on its own. */
  readonly qualities: number;
  /** Instrument families, exclusive. */
  readonly families: number;
  /** Acoustic, electronic, synthetic, exclusive. */
  readonly sources: number;
}

/** Everything that makes two classifiers the same network. */
export interface ClassifierSettings {
  readonly input: ClassifierInputSettings;
  readonly blocks: readonly ClassifierBlock[];
  /** Convolutions flattened and mixed by one dense layer of this width before the head; 0: none. Its pre-activation is then the feature layer. */
  readonly dense: number;
  /** Block whose pre-activation (after batch norm, before leaky ReLU) is the feature layer, where there is no dense layer. */
  readonly featureBlock: string;
  /** Batch norm on the logits, as the original has it; else a bias. */
  readonly normalisedHead: boolean;
  readonly outputs: ClassifierOutputs;
  /** MIDI pitch of class 0. */
  readonly lowestPitch: number;
  /** Decay of batch norm's moving averages. */
  readonly batchNormDecay: number;
}

export interface ClassifierOptions {
  readonly input?: Partial<ClassifierInputSettings>;
  readonly outputs?: Partial<ClassifierOutputs>;
  readonly lowestPitch?: number;
  readonly batchNormDecay?: number;
}

/** Their names, each once. */
export const classifierOptionNames: OptionNames<ClassifierOptions> = {
  input: true,
  outputs: true,
  lowestPitch: true,
  batchNormDecay: true,
};

const block = (
  name: string,
  kernel: readonly [number, number],
  stride: readonly [number, number],
  channels: number,
): ClassifierBlock => ({
  name,
  kernel,
  stride,
  channels,
});

/**
 * The network of the original evaluation: ten convolutions and the head, 14.3 million weights, all of NSynth's labels at once. Its weights were never
 * released.
 *
 * @param widths channels of blocks 0-2, 3-5, 6-7_1 and 8
 * @see magenta PR 1404, `lib/eval/pitch_classifier_utils.py`
 */
export function originalClassifier(
  options: ClassifierOptions = {},
  widths: readonly [number, number, number, number] = [128, 256, 512, 1024],
): ClassifierSettings {
  checkOptions('originalClassifier', options, classifierOptionNames);

  const [a, b, c, d] = widths;
  return settingsFrom(options, {
    input: defaultInput,
    blocks: [
      block('0', [5, 5], [2, 2], a),
      ...['1', '2'].map((name) => block(name, [4, 4], [2, 2], a)),
      ...['3', '4', '5'].map((name) => block(name, [4, 4], [2, 2], b)),
      ...['6', '7'].map((name) => block(name, [4, 4], [2, 2], c)),
      block('7_1', [4, 4], [2, 1], c),
      block('8', [1, 1], [1, 1], d),
    ],
    dense: 0,
    featureBlock: '7_1',
    normalisedHead: true,
    outputs: { pitches: 128, qualities: 10, families: 11, sources: 3 },
    lowestPitch: 0,
    batchNormDecay: 0.999,
  });
}

/**
 * A small network that trains in minutes on a CPU: the same spectrogram with 32 frames (half a second) averaged into one, three
 * convolutions and a dense layer. Pitches only, unless told otherwise.
 */
export function smallClassifier(options: ClassifierOptions = {}): ClassifierSettings {
  checkOptions('smallClassifier', options, classifierOptionNames);

  return settingsFrom(options, {
    input: { ...defaultInput, pool: 32 },
    blocks: [block('0', [7, 3], [2, 2], 16), block('1', [5, 3], [2, 2], 32), block('2', [5, 2], [2, 2], 48)],
    dense: 256,
    featureBlock: '',
    normalisedHead: false,
    outputs: { pitches: 128, qualities: 0, families: 0, sources: 0 },
    lowestPitch: 0,
    batchNormDecay: 0.95,
  });
}

function settingsFrom(options: ClassifierOptions, defaults: ClassifierSettings): ClassifierSettings {
  const settings: ClassifierSettings = {
    ...defaults,
    input: { ...defaults.input, ...options.input },
    outputs: { ...defaults.outputs, ...options.outputs },
    lowestPitch: options.lowestPitch ?? defaults.lowestPitch,
    batchNormDecay: options.batchNormDecay ?? defaults.batchNormDecay,
  };
  checkClassifierSettings(settings);
  return settings;
}

/** Refuses settings no network can be built from. */
export function checkClassifierSettings(settings: ClassifierSettings): void {
  const who = 'pitchClassifier';
  checkInputSettings(settings.input);
  const { outputs, blocks, dense, featureBlock, lowestPitch, batchNormDecay } = settings;
  checkedNumber(outputs.pitches, 1, 1024, who, 'outputs.pitches');
  checkedNumber(lowestPitch, 0, 127, who, 'lowestPitch');
  checkedNumber(batchNormDecay, 0, 1, who, 'batchNormDecay');
  checkedNumber(dense, 0, 1e5, who, 'dense');
  if (dense === 0 && !blocks.some(({ name }) => name === featureBlock)) {
    throw new ValueError(
      `${who}: expected featureBlock to be one of ${blocks.map(({ name }) => name).join(', ')}, found "${featureBlock}".`,
      featureBlock,
    );
  }
}

/** Number of logits: all heads together. */
export const outputCount = ({ pitches, qualities, families, sources }: ClassifierOutputs): number =>
  pitches + qualities + families + sources;
