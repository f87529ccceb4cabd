import '@tensorflow/tfjs-backend-cpu';
import { expectClose } from '@gansynth/test-kit';
import * as tf from '@tensorflow/tfjs-core';
import { beforeAll, describe, expect, it } from 'vitest';
import { waveNetConfig, type WaveNetOptions } from '../config/wavenet-config.js';
import { WaveNetModel } from '../model/wavenet-model.js';
import { loud, notesFor, sampled } from '../test-support/sampled.js';
import { createSampler } from './create-sampler.js';
import { mostOfVector, precisions, type Precision } from './precision.js';
import { queueEngine } from './queue-engine.js';
import { Sampler } from './sampler.js';

beforeAll(() => tf.setBackend('cpu'));

// Widths of three panels of 32 outputs, the last of which is not full; dilations 1 to 16.
const sizes = { layers: 6, cycle: 5, width: 90, skipWidth: 70 } as const;
const networks: Readonly<Record<string, WaveNetOptions>> = {
  'three taps, frames': { ...sizes, conditioning: { kind: 'frames', channels: 2, hop: 16, encoder: null } },
  'two taps, a mixture': {
    ...sizes,
    kernelLength: 2,
    output: { kind: 'logistics', mixtures: 3, logScaleFloor: -7 },
    conditioning: { kind: 'none' },
  },
};
const reduced = ['bfloat16', 'int8'] as const satisfies readonly Precision[];

/** The weights that are held with less precision, each changed. `outputs`: of its matrix. */
function changed(model: WaveNetModel, change: (values: Float32Array, outputs: number) => Float32Array): WaveNetModel {
  const weights = Object.entries(model.weights).map(([name, tensor]) => {
    const [, taps = 1, inputs = 1, outputs = 1] = tensor.shape;
    const data = tensor.dataSync<'float32'>();
    const isExact = !name.endsWith('/W') || /^(startconv|cond_map|out1|logits)/.test(name);
    if (isExact) return [name, { shape: tensor.shape, data }] as const;
    const each = Array.from({ length: taps }, (_, tap) => data.slice(tap * inputs * outputs, (tap + 1) * inputs * outputs));
    return [
      name,
      { shape: tensor.shape, data: Float32Array.from(each.flatMap((matrix) => [...change(matrix, outputs)])) },
    ] as const;
  });
  return new WaveNetModel({ config: model.config, weights: Object.fromEntries(weights) });
}

/** To the nearest number of 8 significant bits, of two the even one. */
const eightBits = (value: number): number => {
  if (value === 0) return 0;
  const unit = 2 ** (Math.floor(Math.log2(Math.abs(value))) - 7);
  const isTie = Math.abs(value / unit) % 1 === 0.5;
  return isTie ? 2 * Math.round(value / unit / 2) * unit : Math.round(value / unit) * unit;
};

/** To whole multiples of a 127th of the largest of an output. */
const multiples = (values: Float32Array, outputs: number): Float32Array => {
  const scales = new Float32Array(outputs);
  for (const [at, value] of values.entries()) scales[at % outputs] = Math.max(scales[at % outputs]!, Math.abs(value) / 127);
  return values.map((value, at) => Math.round(value / scales[at % outputs]!) * scales[at % outputs]!);
};

/** What is expected of given sounds, one after the other. */
async function expected(model: WaveNetModel, precision: Precision, batch: number): Promise<Float32Array> {
  const sampler = await createSampler(model, { batch, precision, threads: 1 });
  await sampler.begin(notesFor(model.config, batch));
  const sounds = Array.from({ length: batch }, (_, note) =>
    Float32Array.from({ length: 64 }, (__, at) => 0.8 * Math.sin(0.1 * at * (note + 1)) * Math.exp(-0.02 * at)),
  );
  const found = await sampler.force(sounds);
  sampler.dispose();
  return Float32Array.from(found.flatMap((values) => [...values]));
}

describe.each(Object.entries(networks))('weights of less precision: %s', (_, options) => {
  const config = waveNetConfig(options);

  it.each(reduced)('a note has the same bits alone, among others, on any number of threads: %s', async (precision) => {
    const model = loud(config);
    const notes = notesFor(config, 21);
    const one = await createSampler(model, { precision });
    const expectedNotes: number[][] = [];
    for (const note of notes.slice(0, 3)) {
      await one.begin([note]);
      const parts: number[] = [];
      for await (const [chunk] of one.chunks(40, { size: 13 })) parts.push(...chunk!);
      expectedNotes.push(parts);
    }
    expect(new Set(expectedNotes.map(String)).size).toBe(3);
    for (const [batch, threads] of [
      [3, 1],
      [21, 1],
      [2, 2],
      [5, 2],
      [21, 2],
    ] as const) {
      const several = new Sampler(model, await queueEngine(model, batch, { threads, precision, trial: null }), batch);
      expect(several.threads).toBe(threads);
      const found = await sampled(several, notes.slice(0, batch).toReversed(), 40);
      expect(found.toReversed().slice(0, 3), `${batch} notes on ${threads} threads`).toEqual(expectedNotes.slice(0, batch));
      several.dispose();
    }
    for (const each of [one, model]) each.dispose();
  });

  it.each([1, 5])('bfloat16 is float32 with weights that are rounded to it, bit for bit: %i notes', async (batch) => {
    const model = loud(config);
    const rounded = changed(model, (values) => values.map(eightBits));
    expectClose(await expected(model, 'bfloat16', batch), await expected(rounded, 'float32', batch), { absolute: 0 });
    for (const each of [model, rounded]) each.dispose();
  });

  it.each([1, 5])('int8 expects what float32 expects with weights that are whole multiples: %i notes', async (batch) => {
    const model = loud(config);
    const rounded = changed(model, multiples);
    const [found, wanted, exact] = [
      await expected(model, 'int8', batch),
      await expected(rounded, 'float32', batch),
      await expected(model, 'float32', batch),
    ];
    // What is multiplied has 15 bits and a sign; weights of 8 bits make a hundred times the difference.
    const largest = Math.max(...wanted.map(Math.abs));
    expectClose(found, wanted, { absolute: 2e-4 * largest });
    expect(Math.max(...exact.map((value, at) => Math.abs(value - wanted[at]!)))).toBeGreaterThan(4e-3 * largest);
    for (const each of [model, rounded]) each.dispose();
  });
});

describe('a precision', () => {
  it.each(reduced)('hears the end of saturated gates, and silence: %s', async (precision) => {
    for (const factor of [1e6, 0]) {
      const model = loud(waveNetConfig({ ...sizes, conditioning: { kind: 'none' } }));
      const other = changed(model, (values) => values.map((value) => factor * value));
      for (const batch of [1, 5]) {
        const found = await expected(other, precision, batch);
        expect(found.every(Number.isFinite)).toBe(true);
      }
      for (const each of [model, other]) each.dispose();
    }
  });

  it.each(reduced)('passes on what is not a number: %s', async (precision) => {
    const model = loud(waveNetConfig({ ...sizes, conditioning: { kind: 'none' } }));
    const broken = changed(model, (values) => values.map((value, at) => (at === 0 ? Number.NaN : value)));
    for (const batch of [1, 5]) expect((await expected(broken, precision, batch)).every(Number.isNaN)).toBe(true);
    for (const each of [model, broken]) each.dispose();
  });

  it('scales vectors so that no sum of products leaves 32 bits', () => {
    for (const rows of [32, 512, 544, 4096, 65_536]) expect(127 * rows * mostOfVector(rows), String(rows)).toBeLessThan(2 ** 31);
    expect([mostOfVector(512), mostOfVector(2048)]).toEqual([32_767, 8256]);
  });

  it('is one that there is, and for the compiled sampler', async () => {
    const model = loud(waveNetConfig({ ...sizes, conditioning: { kind: 'none' } }));
    const misspelt: string = 'bfloat61';
    await expect(createSampler(model, { precision: misspelt as Precision })).rejects.toThrow(
      /expected a precision of float32, bfloat16, int8, found bfloat61\. Did you mean bfloat16\?/,
    );
    await expect(createSampler(model, { precision: 'int8', engine: 'tensors' })).rejects.toThrow(
      /expected precision float32 for tensor operations, found int8/,
    );
    expect(precisions).toHaveLength(3);
    model.dispose();
  });
});
