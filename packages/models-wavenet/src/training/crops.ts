import { RandomStreams } from '@gansynth/training';
import { hopOf } from '../config/conditioning-config.js';
import type { WaveNetConfig } from '../config/wavenet-config.js';
import type { WaveNetTrainingConfig } from './wavenet-training-config.js';

const names = ['crop', 'dropout'] as const;

/** The random streams of a WaveNet training. */
export type WaveNetStreams = RandomStreams<(typeof names)[number]>;

export const waveNetStreams = (seed: number): WaveNetStreams => new RandomStreams(seed, names, 'wavenet/');

/**
 * Where the pieces of a batch begin. A network that knows the pitch over time sees frames as they will lie when it samples, so its pieces begin with
 * a frame; an encoder sees the piece itself, which may begin anywhere. A share of them begins with its note.
 */
export function drawStarts(
  streams: WaveNetStreams,
  { conditioning }: WaveNetConfig,
  training: WaveNetTrainingConfig,
): Int32Array {
  const { batchSize, noteSamples, cropSamples, onsetShare } = training;
  const step = conditioning.kind === 'pitch' ? hopOf(conditioning) : 1;
  const places = Math.floor((noteSamples - cropSamples) / step) + 1;
  const stream = streams.stream('crop');
  const starts = stream.integers(places, batchSize).map((place) => place * step);
  if (onsetShare === 0) return starts;
  const chances = stream.uniformValues(batchSize);
  return starts.map((start, at) => (chances[at]! < onsetShare ? 0 : start));
}
