import type { OptionNames } from '@gansynth/common/check-options';
import { checkOptions } from '../check-options.js';
import { ConfigError } from '../errors.js';
import { checkChoice, checkWhole } from './checks.js';
import { completeEncoder, type EncoderConfig } from './encoder-config.js';
import { mostConditioning, ranges } from './ranges.js';

/** Nothing but the past. */
export interface NoConditioning {
  readonly kind: 'none';
}

/** Frames of numbers, each holding for `hop` samples: the NSynth decoder, whose encoder makes them of a sound. */
export interface FrameConditioning {
  readonly kind: 'frames';
  /** Numbers in a frame. 16. */
  readonly channels: number;
  /** Samples that a frame holds for. 512. */
  readonly hop: number;
  /** What makes frames of a sound; null: they come from elsewhere. */
  readonly encoder: EncoderConfig | null;
}

/**
 * The pitch, as the GANSynth paper's baselines have it: one-hot over time, on while the key is held and zero after it, through a stack of dilated
 * and of ordinary convolutions. The paper gives the numbers of layers and their width and leaves the rest open; those are settings here.
 *
 * @see Engel et al. 2019, appendix on baselines
 */
export interface PitchConditioning {
  readonly kind: 'pitch';
  /** Pitches the network knows, MIDI, ascending. */
  readonly pitches: readonly number[];
  /**
   * Samples for each step of the stack. Open in the paper; 512, as NSynth's frames: then the dilated layers see the whole of a four-second note
   * (125 frames, as many as the five dilated layers span), which is what dilations up to 2^5 are good for, at a thousandth of the decoder's cost.
   */
  readonly hop: number;
  /** Length of a note. 64,000: four seconds at 16 kHz. */
  readonly samples: number;
  /** Samples during which the key is held. 48,000: three seconds. A frame that begins while it is held is on. */
  readonly heldSamples: number;
  /** Channels of the stack. 512. */
  readonly width: number;
  /** Dilations of the first layers. [2, 4, 8, 16, 32]: five layers "to 2^5". */
  readonly dilations: readonly number[];
  /** Ordinary convolutions after them. 3. */
  readonly plainLayers: number;
  /** Taps of each convolution. Open in the paper; 3, as everywhere else in the network. */
  readonly kernelLength: number;
  /** Open in the paper. `centred` (default): a frame sees both sides, for the whole key press is known before the note. `causal`: only what was. */
  readonly padding: 'centred' | 'causal';
  /**
   * After each layer but the last. Open in the paper; `linear`: with `relu`, as in NSynth's encoder, all of a small stack may die within hundreds of steps, and
   * the network then knows no pitch; `tanh` draws neighbouring pitches together.
   */
  readonly activation: 'relu' | 'tanh' | 'linear';
}

export type ConditioningConfig = NoConditioning | FrameConditioning | PitchConditioning;

/** A conditioning of which some settings are left to their defaults. */
export type ConditioningOptions =
  | NoConditioning
  | ({ readonly kind: 'frames'; readonly encoder?: Partial<EncoderConfig> | null } & Partial<
      Omit<FrameConditioning, 'kind' | 'encoder'>
    >)
  | ({ readonly kind: 'pitch'; readonly pitches: readonly number[] } & Partial<Omit<PitchConditioning, 'kind' | 'pitches'>>);

/** Channels that each layer's conditioning is made of; 0: none. */
export const conditioningChannels = (conditioning: ConditioningConfig): number =>
  conditioning.kind === 'none' ? 0 : conditioning.kind === 'frames' ? conditioning.channels : conditioning.width;

/** Samples that a frame of conditioning holds for; 1 where there is none. */
export const hopOf = (conditioning: ConditioningConfig): number => (conditioning.kind === 'none' ? 1 : conditioning.hop);

const noNames: OptionNames<NoConditioning> = { kind: true };
const frameNames: OptionNames<FrameConditioning> = { kind: true, channels: true, hop: true, encoder: true };
const pitchNames: OptionNames<PitchConditioning> = {
  kind: true,
  pitches: true,
  hop: true,
  samples: true,
  heldSamples: true,
  width: true,
  dilations: true,
  plainLayers: true,
  kernelLength: true,
  padding: true,
  activation: true,
};

export function completeConditioning(options: ConditioningOptions): ConditioningConfig {
  checkChoice('conditioning.kind', options.kind, ['none', 'frames', 'pitch']);
  if (options.kind === 'none') {
    checkOptions('conditioning', options, noNames);
    return { kind: 'none' };
  }
  if (options.kind === 'frames') checkOptions('conditioning', options, frameNames);
  else checkOptions('conditioning', options, pitchNames);
  return options.kind === 'frames' ? completeFrames(options) : completePitch(options);
}

function completeFrames({ encoder = {}, ...rest }: Extract<ConditioningOptions, { kind: 'frames' }>): FrameConditioning {
  const complete = { channels: 16, hop: 512, ...rest, encoder: encoder === null ? null : completeEncoder(encoder) };
  checkWhole('conditioning.channels', complete.channels, ranges.channels);
  checkWhole('conditioning.hop', complete.hop, ranges.hop);
  return complete;
}

const pitchDefaults = {
  hop: 512,
  samples: 64_000,
  heldSamples: 48_000,
  width: 512,
  dilations: [2, 4, 8, 16, 32],
  plainLayers: 3,
  kernelLength: 3,
  padding: 'centred',
  activation: 'linear',
} as const satisfies Partial<PitchConditioning>;

function completePitch(options: Extract<ConditioningOptions, { kind: 'pitch' }>): PitchConditioning {
  const complete: PitchConditioning = { ...pitchDefaults, ...options };
  const { pitches, dilations, plainLayers, kernelLength, padding } = complete;
  if (
    pitches.length === 0 ||
    !pitches.every((pitch, index) => Number.isFinite(pitch) && (index === 0 || pitch > Number(pitches[index - 1])))
  )
    throw new ConfigError(
      'conditioning.pitches',
      `expected one or more pitches in ascending order, found ${JSON.stringify(pitches)}.`,
      pitches,
    );
  checkWhole('conditioning.hop', complete.hop, ranges.hop);
  checkWhole('conditioning.samples', complete.samples, ranges.samples);
  checkWhole('conditioning.heldSamples', complete.heldSamples, { from: 0, to: complete.samples });
  checkWhole('conditioning.width', complete.width, ranges.width);
  const [frames, widest] = [Math.ceil(complete.samples / complete.hop), Math.max(pitches.length, complete.width)];
  if (frames * widest > mostConditioning)
    throw new ConfigError(
      'conditioning.hop',
      `expected frames of which a note has at most ${mostConditioning} numbers, found ${frames} (one every ${complete.hop} samples) x ${widest} = ` +
        `${frames * widest}. Make the hop larger.`,
      complete.hop,
    );
  for (const dilation of dilations) checkWhole('conditioning.dilations', dilation, ranges.dilation);
  checkWhole('conditioning.plainLayers', plainLayers, ranges.plainLayers);
  checkWhole('conditioning.kernelLength', kernelLength, ranges.kernelLength);
  if (dilations.length + plainLayers === 0)
    throw new ConfigError(
      'conditioning.plainLayers',
      'expected at least one layer, dilated or ordinary, found none.',
      plainLayers,
    );
  checkChoice('conditioning.padding', padding, ['centred', 'causal']);
  checkChoice('conditioning.activation', complete.activation, ['relu', 'tanh', 'linear']);
  if (padding === 'centred' && kernelLength % 2 === 0)
    throw new ConfigError(
      'conditioning.kernelLength',
      `expected an odd number for centred convolutions, found ${kernelLength}.`,
      kernelLength,
    );
  return complete;
}
