import '@gansynth/training/wasm';
import { describeOnBackends, expectClose } from '@gansynth/test-kit';
import * as tf from '@tensorflow/tfjs-core';
import { describe, expect, it } from 'vitest';
import { WaveNetModel } from '../model/wavenet-model.js';
import { muLawDecode, muLawEncode } from '../mu-law.js';
import { goldenConfig, goldenDecoder, goldenValues, goldenWeights } from '../test-support/golden.js';
import type { SamplingEngine } from './engine.js';
import { queueEngine } from './queue-engine.js';
import { tensorEngine } from './tensor-engine.js';

const info = goldenDecoder();
const config = goldenConfig(info);
const { batch, length, hop } = info;
const model = (): WaveNetModel => new WaveNetModel({ config, weights: goldenWeights(config) });

/** Frames of the golden encoding that begin at a sample, one a note. */
function framesAt(sample: number): Float32Array {
  const { shape, data } = goldenValues('decoder/encoding');
  const [, frames = 0, channels = 0] = shape;
  const at = Math.floor(sample / hop);
  return Float32Array.from({ length: batch * channels }, (_, index) => {
    const [note, channel] = [Math.floor(index / channels), index % channels];
    return data[(note * frames + at) * channels + channel]!;
  });
}

/** The golden sounds as the network sees them, [samples, notes]. */
function interleaved(): Float32Array {
  const { data } = goldenValues('decoder/wav');
  const codes = muLawEncode(data);
  return Float32Array.from({ length: length * batch }, (_, index) => {
    const [step, note] = [Math.floor(index / batch), index % batch];
    return codes[note * length + step]! / 128;
  });
}

/** Golden [notes, samples, outputs] as the engines have it. */
function bySamples(name: string): Float32Array {
  const { data } = goldenValues(name);
  const outputs = data.length / batch / length;
  const values = new Float32Array(data.length);
  for (let note = 0; note < batch; note++)
    for (let step = 0; step < length; step++)
      values.set(
        data.subarray((note * length + step) * outputs, (note * length + step + 1) * outputs),
        (step * batch + note) * outputs,
      );
  return values;
}

async function forced(engine: SamplingEngine): Promise<Float32Array> {
  const values = interleaved();
  const parts: number[] = [];
  for (let step = 0; step < length; step += hop) {
    engine.condition(framesAt(step));
    parts.push(...(await engine.force(hop, values.subarray(step * batch, (step + hop) * batch))));
  }
  return Float32Array.from(parts);
}

/** Draws with the golden uniform numbers, which are [samples, notes]. */
async function drawn(engine: SamplingEngine): Promise<number[]> {
  const { data: uniforms, shape } = goldenValues('decoder/sampling_uniforms');
  const [samples = 0] = shape;
  const parts: number[] = [];
  for (let step = 0; step < samples; step += hop) {
    engine.condition(framesAt(step));
    parts.push(...(await engine.draw(hop, uniforms.subarray(step * batch, (step + hop) * batch))));
  }
  const codes: number[] = [];
  for (let note = 0; note < batch; note++)
    for (let step = 0; step < samples; step++) codes.push(128 * parts[step * batch + note]!);
  return codes;
}

const suite = (create: (model: WaveNetModel) => Promise<SamplingEngine> | SamplingEngine): void => {
  it('expects what the original expects, and what the training graph expects', async () => {
    const one = model();
    const engine = await create(one);
    const expected = await forced(engine);
    // The golden numbers' README: logits 1e-4.
    expectClose(expected, bySamples('decoder/train_logits'), { absolute: 1e-4 });
    engine.dispose();
    one.dispose();
  });

  it('draws the codes of the original, and again after a reset', async () => {
    const one = model();
    const engine = await create(one);
    await forced(engine);
    for (let time = 0; time < 2; time++) {
      engine.reset();
      expect(await drawn(engine)).toEqual([...goldenValues('decoder/sampling_codes').data]);
    }
    engine.dispose();
    one.dispose();
  });
};

describeOnBackends('the sampler of tensor operations', () => {
  suite((one) => tensorEngine(one, batch));

  it('frees what it makes', async () => {
    const one = model();
    const before = tf.memory().numTensors;
    const engine = tensorEngine(one, batch);
    await drawn(engine);
    engine.dispose();
    expect(tf.memory().numTensors).toBe(before);
    one.dispose();
  });
});

describeOnBackends('the queue sampler', () => suite((one) => queueEngine(one, batch)), ['cpu']);

describe('the golden sounds', () => {
  it('are what their codes decode to', () => {
    const { data } = goldenValues('decoder/wav');
    expectClose(muLawDecode(muLawEncode(data)), data, { absolute: 1e-7 });
  });
});
