import { randomStream, randomStreamFrom, type RandomStreamState } from '@gansynth/common/random';
import { waveNetConfig, type WaveNetConfig } from '../config/wavenet-config.js';
import type { NoteBatch, NoteSource } from '../training/note-source.js';
import type { WaveNetTrainingOptions } from '../training/wavenet-training-config.js';

const sizes = { layers: 4, cycle: 3, width: 4, skipWidth: 6 } as const;

/** A network of each kind that trains in milliseconds. */
export const tiny: Readonly<Record<'pitch8' | 'pitch16' | 'autoencoder' | 'free', WaveNetConfig>> = {
  pitch8: waveNetConfig({
    ...sizes,
    conditioning: {
      kind: 'pitch',
      pitches: [60, 62],
      hop: 16,
      samples: 160,
      heldSamples: 100,
      width: 3,
      dilations: [1, 2],
      plainLayers: 1,
    },
  }),
  pitch16: waveNetConfig({
    ...sizes,
    output: { kind: 'logistics', mixtures: 2, logScaleFloor: -7 },
    conditioning: {
      kind: 'pitch',
      pitches: [60, 62],
      hop: 16,
      samples: 160,
      heldSamples: 100,
      width: 3,
      dilations: [2],
      plainLayers: 1,
    },
  }),
  autoencoder: waveNetConfig({
    ...sizes,
    conditioning: { kind: 'frames', channels: 2, hop: 16, encoder: { layers: 3, cycle: 2, width: 3 } },
  }),
  free: waveNetConfig({ ...sizes, kernelLength: 2, conditioning: { kind: 'none' } }),
};

export const tinyTraining: WaveNetTrainingOptions = { totalSteps: 4, batchSize: 4, noteSamples: 160, cropSamples: 64 };

/** Tones of a period of their label's own. */
export function tones(seed = 5): NoteSource {
  let stream = randomStream(seed, 'tones');
  return {
    next: async (batchSize, { samples }): Promise<NoteBatch> => {
      const labels = stream.integers(2, batchSize);
      const phases = stream.uniformValues(batchSize);
      const audio = Array.from(labels, (label, note) =>
        Float32Array.from({ length: samples }, (_, at) => 0.7 * Math.sin(2 * Math.PI * (at / (8 + 3 * label) + phases[note]!))),
      );
      return { audio, labels };
    },
    state: () => stream.state,
    restore: (state) => {
      stream = randomStreamFrom(state as RandomStreamState);
    },
  };
}
