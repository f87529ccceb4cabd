import type { io } from '@tensorflow/tfjs-core';
import { memorySink, writeModel, type FileSink, type ModelDescription, type Saveable } from '../index.js';

/** A LayersModel as far as saving goes: one weight of `size` values, all of them `value`. */
export const saveable = (value: number, size = 1000): Saveable => ({
  save: async (handler: io.IOHandler) => {
    const weightData = new Float32Array(size).fill(value).buffer;
    await handler.save?.({ modelTopology: { value }, weightSpecs: [{ name: 'w', shape: [size], dtype: 'float32' }], weightData });
  },
});

export const description: ModelDescription = {
  family: 'progressive-gan',
  name: 'tiny',
  representation: { kind: 'if-mel-harmonic', frames: 32, bins: 64, fullFrames: 64, fullBins: 1024, samples: 32_000 },
  sampleRate: 16_000,
  scores: { fid: 12.5 },
  network: { latentSize: 16, pitches: [60, 62] },
  growth: { blocks: 3, progress: 1.5 },
};

/** Saves the model all of whose weights are `value`, and which is named so. */
export const saveTiny = (value: number, sink: FileSink, size?: number): Promise<void> =>
  writeModel(saveable(value, size), sink, { ...description, name: String(value) });

/** Its files. */
export async function tinyFiles(): Promise<Record<string, Uint8Array>> {
  const sink = memorySink();
  await writeModel(saveable(1), sink, description);
  return { ...sink.files };
}
