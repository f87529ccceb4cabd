import { randomStream } from '@gansynth/common/random';
import { waveNetConfig, WaveNetModel, waveNetVariables, type Embedding } from '@gansynth/models-wavenet';
import * as tf from '@tensorflow/tfjs-core';
import '@tensorflow/tfjs-backend-cpu';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { decodeEmbeddings, type DecodedSound } from './decode-embeddings.js';

const config = waveNetConfig({
  layers: 3,
  cycle: 3,
  width: 4,
  skipWidth: 4,
  conditioning: { kind: 'frames', channels: 2, hop: 64, encoder: null },
});
let model: WaveNetModel;
beforeAll(async () => {
  await tf.setBackend('cpu');
  const weights = waveNetVariables(config).map(({ name, shape }) => {
    const size = shape.reduce((product, side) => product * side, 1);
    return [
      name,
      {
        shape,
        data: randomStream(1, name)
          .normalValues(size)
          .map((value) => value / 2),
      },
    ] as const;
  });
  model = new WaveNetModel({ config, weights: Object.fromEntries(weights) });
});
afterAll(() => model.dispose());

const embedding = (frames: number, value: number): Embedding => ({
  shape: [frames, 2],
  data: new Float32Array(2 * frames).fill(value),
});
const neverAborted = new AbortController().signal;

async function all(
  embeddings: readonly Embedding[],
  batch: number,
  seed: number | ((index: number) => number) = 1,
): Promise<DecodedSound[]> {
  const sounds: DecodedSound[] = [];
  for await (const sound of decodeEmbeddings(model, embeddings, { seed, batch, signal: neverAborted })) sounds.push(sound);
  return sounds.sort((a, b) => a.index - b.index);
}

it('decodes sounds of several lengths, each the same whatever is beside it', async () => {
  const embeddings = [embedding(3, 0.1), embedding(5, -0.2), embedding(3, 0.7), embedding(3, 0.1)];
  const together = await all(embeddings, 16);
  expect(together.map(({ index, audio, whole }) => [index, audio.length, whole])).toEqual([
    [0, 192, true],
    [1, 320, true],
    [2, 192, true],
    [3, 192, true],
  ]);
  expect(together[3]?.audio).toEqual(together[0]?.audio);
  expect(await all(embeddings, 1)).toEqual(together);
  expect(await all(embeddings, 2)).toEqual(together);
  const seeded = await all(embeddings, 2, (index) => index);
  expect(seeded[1]).toEqual(together[1]);
  expect(seeded[3]?.audio).not.toEqual(seeded[0]?.audio);
});

it('tells how far it is, and leaves the beginnings of what was under way when it is stopped', async () => {
  const embeddings = [embedding(1, 0.1), embedding(1000, 0.1), embedding(1000, 0.5)];
  const controller = new AbortController();
  const told: number[] = [];
  const sounds: DecodedSound[] = [];
  const stopped = async (): Promise<void> => {
    const options = {
      seed: 1,
      batch: 4,
      signal: controller.signal,
      onSamples: (done: number) => {
        told.push(done);
        if (done > 3000) controller.abort(new Error('enough'));
      },
    };
    for await (const sound of decodeEmbeddings(model, embeddings, options)) sounds.push(sound);
  };
  await expect(stopped()).rejects.toThrow('enough');
  expect(told).toEqual([...told].sort((a, b) => a - b));
  const last = told.at(-1)!;
  expect(sounds.map(({ index, audio, whole }) => [index, audio.length, whole])).toEqual([
    [0, 64, true],
    [1, (last - 64) / 2, false],
    [2, (last - 64) / 2, false],
  ]);
  const [whole] = await all(embeddings.slice(1, 2), 1);
  expect(sounds[1]?.audio).toEqual(whole?.audio.subarray(0, sounds[1]?.audio.length));
});
