import { memorySink, type ModelInfo } from '@gansynth/model-files';
import { GeneratorModel, networkConfig, saveModel } from '@gansynth/models-gan';
import { networkVariables } from '@gansynth/models-gan/networks';
import { WaveGanModel, waveGanConfig, waveGanVariables } from '@gansynth/models-gan/wavegan';
import { saveModel as saveWaveNet, waveNetConfig, WaveNetModel, waveNetVariables } from '@gansynth/models-wavenet';
import { randomStream } from '@gansynth/common/random';

type Files = Record<string, Uint8Array>;
type Shapes = readonly { readonly name: string; readonly shape: readonly number[] }[];

/** Weights of no training, the same every time. */
const randomWeights = (variables: Shapes, scale: number) =>
  Object.fromEntries(
    variables.map(({ name, shape }) => {
      const size = shape.reduce((product, side) => product * side, 1);
      const data = randomStream(5, name)
        .normalValues(size)
        .map((value) => scale * value);
      return [name, { shape, data }];
    }),
  );

async function saved(model: GeneratorModel | WaveGanModel, info: ModelInfo): Promise<Files> {
  const sink = memorySink();
  await saveModel(model, sink, info);
  model.dispose();
  return { ...sink.files };
}

interface TinyGanOptions {
  readonly louder?: number;
  /** That it has learned notes at. */
  readonly velocities?: readonly number[];
}

/** A progressive GAN of three pitches and two instruments: notes of 1,000 samples. */
export function tinyGan(info: ModelInfo = {}, { louder = 0, velocities }: TinyGanOptions = {}): Promise<Files> {
  const config = networkConfig({
    latentSize: 6,
    pitches: [60, 62, 64],
    instruments: ['flute', 'brass horn'],
    ...(velocities && { attributes: [{ name: 'velocity', levels: velocities.length, velocities }] }),
    start: [2, 8],
    blocks: 3,
    filters: { base: 32, decay: 1, max: 8 },
    // (value - offset) / scale: what the network makes, and a logarithm of magnitudes more.
    normaliser: { scale: [[1, 1]], offset: [[-louder, 0]] },
  });
  const model = new GeneratorModel({ config, weights: randomWeights(networkVariables('generator', config), 1) });
  const representation = { kind: 'if', frames: 8, bins: 32, samples: 100, sampleRate: 8000 };
  return saved(model, { name: 'tiny', sampleRate: 8000, representation, ...info });
}

/** A WaveGAN of three pitches: notes of 16,000 samples. */
export function tinyWaveGan(): Promise<Files> {
  const config = waveGanConfig({ samples: 16_384, dim: 1, latentSize: 5, pitches: [60, 62, 64] });
  const model = new WaveGanModel({ config, weights: randomWeights(waveGanVariables('generator', config), 0.3) });
  const representation = { kind: 'waveform', frames: 16_384, bins: 1, samples: 16_000, sampleRate: 16_000 };
  return saved(model, { name: 'tiny wave', sampleRate: 16_000, representation });
}

/** A WaveNet of three pitches. */
async function savedWaveNet(samples: number, heldSamples: number, hop: number, representation: object): Promise<Files> {
  const config = waveNetConfig({
    layers: 3,
    cycle: 3,
    width: 4,
    skipWidth: 4,
    conditioning: { kind: 'pitch', pitches: [60, 62, 64], hop, samples, heldSamples, width: 2, dilations: [1] },
  });
  const model = new WaveNetModel({ config, weights: randomWeights(waveNetVariables(config), 0.5) });
  const sink = memorySink();
  await saveWaveNet(model, sink, { name: 'tiny net', sampleRate: 16_000, representation: { ...representation } });
  model.dispose();
  return { ...sink.files };
}

/** Notes of 256 samples. */
export const tinyWaveNet = (): Promise<Files> =>
  savedWaveNet(256, 192, 32, { kind: 'waveform', frames: 256, bins: 1, samples: 256, sampleRate: 16_000 });

/** Notes of the paper's 64,000 samples, with what the README of models-wavenet says how they sound. */
export const paperLengthWaveNet = (representation: object): Promise<Files> => savedWaveNet(64_000, 48_000, 512, representation);
