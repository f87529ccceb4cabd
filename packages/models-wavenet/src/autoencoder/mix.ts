import { ArgumentError } from '../errors.js';
import type { Embedding } from './embedding.js';

/**
 * Embeddings mixed frame by frame: the sum of each times its weight. Shorter ones go on with zeros. Sounds to be mixed are best of one pitch.
 *
 * @param weights one an embedding; of two sounds `[1 - t, t]`, at a place between four {@link gridWeights}
 * @throws ArgumentError if there are no embeddings, not as many weights, or embeddings of different widths
 * @see `magenta/magenta-demos`, `nsynth/generate.py`
 */
export function mixEmbeddings(embeddings: readonly Embedding[], weights: readonly number[]): Embedding {
  const channels = channelsOf('mixEmbeddings', embeddings);
  if (weights.length !== embeddings.length || !weights.every(Number.isFinite))
    throw new ArgumentError(
      'mixEmbeddings',
      `expected ${embeddings.length} finite weights, one an embedding, found ${JSON.stringify(weights)}.`,
      weights,
    );
  return weighted(embeddings, channels, (index) => weights[index]!);
}

/**
 * A sound that becomes another: embeddings cross-faded over time by w = (1 - cos(pi n / frames)) / 2. The shorter one goes on with zeros.
 *
 * @see `magenta/magenta-demos`, `jupyter-notebooks/NSynth.ipynb`
 */
export function crossFadeEmbeddings(from: Embedding, to: Embedding): Embedding {
  const channels = channelsOf('crossFadeEmbeddings', [from, to]);
  return weighted([from, to], channels, (index, frame, frames) => {
    const weight = (1 - Math.cos((Math.PI * frame) / frames)) / 2;
    return index === 0 ? 1 - weight : weight;
  });
}

/**
 * A sound made longer or shorter, its pitch as it was: frames interpolated linearly between their middles, reflected at the ends.
 *
 * @param frames how many there shall be
 * @see `magenta/magenta-demos`, `jupyter-notebooks/NSynth.ipynb`, timestretch
 */
export function stretchEmbedding(embedding: Embedding, frames: number): Embedding {
  const channels = channelsOf('stretchEmbedding', [embedding]);
  const [count = 0] = embedding.shape;
  if (!Number.isInteger(frames) || frames < 1)
    throw new ArgumentError('stretchEmbedding', `expected a whole number of frames above 0, found ${frames}.`, frames);
  const data = new Float32Array(frames * channels);
  const at = (frame: number, channel: number): number => {
    const inside = Math.min(count - 1, frame < 0 ? -frame : frame >= count ? Math.max(0, 2 * count - 2 - frame) : frame);
    return embedding.data[inside * channels + channel]!;
  };
  for (let frame = 0; frame < frames; frame++) {
    const place = ((frame + 0.5) * count) / frames - 0.5;
    const before = Math.floor(place);
    const part = place - before;
    for (let channel = 0; channel < channels; channel++)
      data[frame * channels + channel] = (1 - part) * at(before, channel) + part * at(before + 1, channel);
  }
  return { shape: [frames, channels], data };
}

/**
 * Weights of the four corners of a square at a place in it: max(0, 1 - distance), made to add up to 1. Linear along the edges, not bilinear inside.
 *
 * @param x from left to right, in [0, 1]
 * @param y from top to bottom, in [0, 1]
 * @returns of the corners (0, 0), (1, 0), (0, 1), (1, 1)
 * @see `googlecreativelab/open-nsynth-super`, `audio/workdir/utils.py`
 */
export function gridWeights(x: number, y: number): [number, number, number, number] {
  if (!(x >= 0 && x <= 1 && y >= 0 && y <= 1))
    throw new ArgumentError('gridWeights', `expected a place in [0, 1] x [0, 1], found ${x}, ${y}.`, [x, y]);
  const near = (cornerX: number, cornerY: number): number => Math.max(0, 1 - Math.hypot(x - cornerX, y - cornerY));
  const [a, b, c, d] = [near(0, 0), near(1, 0), near(0, 1), near(1, 1)];
  const sum = a + b + c + d;
  return [a / sum, b / sum, c / sum, d / sum];
}

function channelsOf(where: string, embeddings: readonly Embedding[]): number {
  const shapes = embeddings.map(({ shape }) => shape);
  const [, channels = 0] = shapes[0] ?? [];
  const fits = embeddings.every(
    ({ shape, data }) => shape.length === 2 && shape[1] === channels && data.length === Number(shape[0]) * channels,
  );
  if (fits && channels > 0) return channels;
  const found = shapes.map((shape) => `[${shape}]`).join(', ') || 'none';
  throw new ArgumentError(where, `expected embeddings [frames, channels], all of as many channels, found ${found}.`, shapes);
}

function weighted(
  embeddings: readonly Embedding[],
  channels: number,
  weight: (index: number, frame: number, frames: number) => number,
): Embedding {
  const frames = Math.max(...embeddings.map(({ shape }) => shape[0] ?? 0));
  const data = new Float32Array(frames * channels);
  for (const [index, embedding] of embeddings.entries())
    for (let at = 0; at < embedding.data.length; at++) {
      const own = weight(index, Math.floor(at / channels), frames);
      data[at] = data[at]! + own * embedding.data[at]!;
    }
  return { shape: [frames, channels], data };
}
