import { readFileSync } from 'node:fs';
import { expectClose } from '@gansynth/test-kit';
import * as tf from '@tensorflow/tfjs-core';
import { beforeAll, describe, expect, it } from 'vitest';
import { waveNetConfig } from '../config/wavenet-config.js';
import { MemoryError } from '../errors.js';
import { WaveNetModel } from '../model/wavenet-model.js';
import { waveNetVariables } from '../network/variables.js';
import { loud, notesFor, sampled } from '../test-support/sampled.js';
import { tiny } from '../test-support/tiny.js';
import { initialValues } from '../training/initial-values.js';
import { createSampler, type SamplerOptions } from './create-sampler.js';
import type { NoteToSample } from './note-to-sample.js';
import type { Sampler } from './sampler.js';

const names = ['pitch8', 'pitch16', 'autoencoder', 'free'] as const;

const silent = (shape: number[]): NoteToSample => ({
  seed: 1,
  embedding: { shape, data: new Float32Array(shape.reduce((product, side) => product * side, 1)) },
});

beforeAll(() => tf.setBackend('cpu'));

describe.each(names)('sampling: %s', (name) => {
  const config = tiny[name];

  it('gives a note the same bits alone, among others, in any place and in any chunks', async () => {
    const model = loud(config);
    const notes = notesFor(config, 11);
    const [one, three, many] = [
      await createSampler(model),
      await createSampler(model, { batch: 3 }),
      await createSampler(model, { batch: 11 }),
    ];
    const all = await sampled(many, notes);
    // It says different things, and not the same sample all along.
    expect(new Set(all.map(String)).size).toBe(11);
    expect(new Set(all[0]).size).toBeGreaterThan(20);
    expect(await sampled(many, [...notes].reverse())).toEqual([...all].reverse());
    expect((await sampled(many, notes.slice(4, 6))).map(String)).toEqual(all.slice(4, 6).map(String));
    expect(await sampled(three, notes.slice(7, 10))).toEqual(all.slice(7, 10));
    for (const note of [0, 8]) {
      await one.begin([notes[note]!]);
      const parts: number[] = [];
      for await (const [chunk] of one.chunks(160, { size: 37 })) parts.push(...chunk!);
      expect(parts).toEqual(all[note]);
    }
    for (const each of [one, three, many, model]) each.dispose();
  });

  it('draws what the sampler of tensor operations draws', async () => {
    const model = loud(config);
    const notes = notesFor(config, 5);
    const [queues, tensors] = [
      await createSampler(model, { batch: 5 }),
      await createSampler(model, { batch: 5, engine: 'tensors' }),
    ];
    const [mine, theirs] = [await sampled(queues, notes, 48), await sampled(tensors, notes, 48)];
    for (const [note, sound] of mine.entries()) {
      // Continuous samples differ in the last bits before they are rounded to 16.
      if (config.output.kind === 'logistics') expectClose(sound, theirs[note]!, { absolute: 2 ** -13 });
      else expect(sound).toEqual(theirs[note]);
    }
    for (const each of [queues, tensors, model]) each.dispose();
  });

  it('expects of given sounds what the training graph expects, and goes on from them', async () => {
    const model = loud(config);
    const notes = notesFor(config, 4);
    const sampler = await createSampler(model, { batch: 4 });
    const sounds = (await sampled(sampler, notes, 160)).map((sound) => Float32Array.from(sound));
    const again = sounds.map((sound) => sound.subarray(0, 100));
    await sampler.begin(notes);
    const expected = await sampler.force(again);
    const conditioning =
      config.conditioning.kind === 'pitch'
        ? tf.tidy(() => tf.slice(model.pitchConditioning(notes.map(({ label = -1 }) => label)), [0, 0, 0], [4, 7, -1]))
        : config.conditioning.kind === 'frames'
          ? tf.tidy(() =>
              tf.slice(
                tf.stack(notes.map(({ embedding }) => tf.tensor2d(embedding?.data ?? [], [10, 2]))) as tf.Tensor3D,
                [0, 0, 0],
                [4, 7, -1],
              ),
            )
          : null;
    const trained = model.predict(again, conditioning);
    expectClose(Float32Array.from(expected.flatMap((values) => [...values])), trained.dataSync(), { absolute: 1e-4 });
    // The draws of the samples that were given are passed over.
    expect((await sampler.next(60)).map((sound) => [...sound])).toEqual(sounds.map((sound) => [...sound.subarray(100)]));
    trained.dispose();
    conditioning?.dispose();
    sampler.dispose();
    model.dispose();
  });
});

it.each([2, 3])(
  'takes the older of %i taps for eight steps at once, or step by step, with the same bits',
  async (kernelLength) => {
    // Dilations 1 to 32; frames that begin with a round of eight steps, and frames that do not, among whose notes are some side by side.
    for (const hop of [16, 12]) {
      const config = waveNetConfig({
        layers: 8,
        cycle: 6,
        width: 5,
        skipWidth: 6,
        kernelLength,
        conditioning: { kind: 'frames', channels: 2, hop, encoder: null },
      });
      const model = loud(config);
      const notes = notesFor(config, 5);
      const [single, tiled] = [await createSampler(model, { batch: 2 }), await createSampler(model, { batch: 5 })];
      const all = await sampled(tiled, notes, 10 * hop);
      await single.begin(notes.slice(1, 3));
      const parts: number[][] = [[], []];
      for await (const chunk of single.chunks(10 * hop, { size: 13 }))
        for (const [note, part] of chunk.entries()) parts[note]?.push(...part);
      expect(parts).toEqual(all.slice(1, 3));
      for (const each of [single, tiled, model]) each.dispose();
    }
  },
);

describe('a sampler', () => {
  it('ends soon after an abort, and loses nothing by it', async () => {
    const config = waveNetConfig({ layers: 20, width: 64, skipWidth: 64, conditioning: { kind: 'none' } });
    const model = loud(config);
    const sampler = await createSampler(model);
    const whole = (await sampled(sampler, [{ seed: 5 }], 1000))[0];
    await sampler.begin([{ seed: 5 }]);
    const controller = new AbortController();
    setTimeout(() => controller.abort(new Error('enough')), 5);
    await expect(sampler.next(10_000_000, { signal: controller.signal })).rejects.toThrow('enough');
    expect((await sampler.next(1000)).map((sound) => [...sound])).toEqual([whole]);
    sampler.dispose();
    model.dispose();
  });

  it('lets others have their turn while it packs weights, and ends at a signal', async () => {
    const model = loud(waveNetConfig({ ...tiny.free, layers: 40, cycle: 2 }));
    let turns = 0;
    const counting = setInterval(() => turns++, 0);
    (await createSampler(model)).dispose();
    clearInterval(counting);
    expect(turns).toBeGreaterThan(0);
    const controller = new AbortController();
    setImmediate(() => controller.abort(new Error('enough')));
    await expect(createSampler(model, { signal: controller.signal })).rejects.toThrow('enough');
    model.dispose();
  });

  it('takes given sounds for no longer than a signal lets it, and forgets the notes then', async () => {
    const config = waveNetConfig({ layers: 20, width: 64, skipWidth: 64, conditioning: { kind: 'none' } });
    const model = loud(config);
    const sampler = await createSampler(model);
    await sampler.begin([{ seed: 5 }]);
    const controller = new AbortController();
    setTimeout(() => controller.abort(new Error('enough')), 5);
    await expect(sampler.force([new Float32Array(1e6)], { signal: controller.signal })).rejects.toThrow('enough');
    await expect(sampler.next(1)).rejects.toThrow(/Call begin first/);
    sampler.dispose();
    model.dispose();
  });

  it('says what it cannot be asked for', async () => {
    const pitch = loud(tiny.pitch8);
    const sampler = await createSampler(pitch, { batch: 2 });
    await expect(sampler.next(1)).rejects.toThrow(/Call begin first/);
    await expect(sampler.begin([])).rejects.toThrow(/expected 1 to 2 notes, found 0/);
    await expect(sampler.begin([{ seed: 1, label: 60 }])).rejects.toThrow(/labels from 0 to 1 \(positions in pitches, not MIDI/);
    await expect(sampler.begin([{ seed: 1, embedding: { shape: [1, 2], data: new Float32Array(2) } }])).rejects.toThrow(
      /without embedding: this network is conditioned by pitch/,
    );
    await expect(sampler.begin([{ seed: -1 }])).rejects.toThrow(/seed/);
    await sampler.begin([{ seed: 1, label: 0 }]);
    await expect(sampler.next(161)).rejects.toThrow(/up to the 160 that are left of 160, found 161/);
    for (const size of [0, -1, 0.5, Number.NaN])
      await expect(sampler.chunks(8, { size }).next()).rejects.toThrow(/a size of a whole number of 1 or more, found/);
    await expect(sampler.force([Float32Array.of(0.1, Number.NaN)])).rejects.toThrow(/finite samples, found NaN at 1/);
    await expect(sampler.force([new Float32Array(161)])).rejects.toThrow(/at most 160 samples, found 161/);
    const [first, second] = [sampler.next(4), sampler.next(4)];
    await expect(second).rejects.toThrow(/one call at a time/);
    await first;
    const frames = loud(tiny.autoencoder);
    const decoding = await createSampler(frames, { batch: 2 });
    await expect(decoding.begin([{ seed: 1 }])).rejects.toThrow(/an embedding for each note/);
    await expect(decoding.begin([silent([3, 2]), silent([1, 4, 2])])).rejects.toThrow(/one length, found 3 and 4 frames/);
    await expect(decoding.begin([silent([3, 5])])).rejects.toThrow(/expected numbers \[frames, 2\]/);
    await decoding.begin([silent([1, 4, 2])]);
    expect(decoding.length).toBe(64);
    await expect(createSampler(pitch, { batch: 0 })).rejects.toThrow(/batch of 1 to 65536/);
    for (const each of [sampler, decoding, pitch, frames]) each.dispose();
  });

  it.each(['queues', 'tensors'] as const)(
    'that is disposed ends the call in progress, and leaves nothing: %s',
    async (engine) => {
      const model = loud(tiny.pitch8);
      const notes = notesFor(tiny.pitch8, 1);
      const { numTensors } = tf.memory();
      const calls: readonly ((sampler: Sampler) => Promise<unknown>)[] = [
        (sampler) => sampler.begin(notes),
        (sampler) => sampler.next(20),
        (sampler) => sampler.force([new Float32Array(20)]),
      ];
      for (const call of calls) {
        const sampler = await createSampler(model, { engine });
        await sampler.begin(notes);
        const called = call(sampler);
        sampler.dispose();
        await expect(called).rejects.toThrow(/one that is in use, found one that was disposed/);
        expect(tf.memory().numTensors).toBe(numTensors);
      }
      model.dispose();
    },
  );

  it('does the arithmetic where memory does not suffice', async () => {
    const config = waveNetConfig({ layers: 16, cycle: 16, width: 32, skipWidth: 32, conditioning: { kind: 'none' } });
    const model = loud(config);
    const error: unknown = await createSampler(model, { batch: 4096 }).catch((reason: unknown) => reason);
    expect(MemoryError.isInstance(error)).toBe(true);
    expect(String(error)).toMatch(
      /expected room for \d+ MB \(of at most 4,295\): 1 MB of weights and 512 x 135 MB of state \(4096 notes/,
    );
    model.dispose();
  });
});

it.each(names)('hears the end of a saturated gate: %s', async (name) => {
  // Sums far beyond where exp overflows.
  const config = tiny[name];
  const weights = waveNetVariables(config).map((variable) => [
    variable.name,
    {
      shape: variable.shape,
      data: initialValues(variable, 3).map((value) => value * (variable.name.startsWith('dilated') ? 1e6 : 1)),
    },
  ]);
  const model = new WaveNetModel({ config, weights: Object.fromEntries(weights) });
  const sampler = await createSampler(model, { batch: 4 });
  // Of logits that are not numbers a code is drawn all the same: what is looked at is what is expected, not what is drawn.
  await sampler.begin(notesFor(config, 4));
  const expected = await sampler.force(
    Array.from({ length: 4 }, () => Float32Array.from({ length: 100 }, (_, at) => (at < 50 ? 0 : Math.sin(at)))),
  );
  expect(expected.every((values) => values.every(Number.isFinite))).toBe(true);
  sampler.dispose();
  model.dispose();
});

it('the compiled sampler is that of the sources in assembly/ (else: npm run build:kernels)', async () => {
  const { generate } = (await import(/* @vite-ignore */ new URL('../../assembly/build.mjs', import.meta.url).href)) as {
    generate(): Promise<string>;
  };
  expect(readFileSync(new URL('kernels.generated.ts', import.meta.url), 'utf8')).toBe(await generate());
});

const sixteen = (): readonly [WaveNetModel, NoteToSample[]] => [loud(tiny.pitch8), notesFor(tiny.pitch8, 16)];

describe('the fastest engine', () => {
  it('is found before the notes begin, and draws what it draws by itself', async () => {
    const [model, notes] = sixteen();
    const { numTensors } = tf.memory();
    const fastest = await createSampler(model, { batch: 16, engine: 'fastest' });
    const alone = await createSampler(model, { batch: 16, engine: fastest.engine });
    expect(fastest.description).toMatch(/^compiled queues, .*thread|^tensor operations on cpu$/);
    expect(await sampled(fastest, notes, 48)).toEqual(await sampled(alone, notes, 48));
    for (const each of [fastest, alone]) each.dispose();
    expect(tf.memory().numTensors).toBe(numTensors);
    model.dispose();
  });

  it('is not looked for longer than a signal lets it, and leaves nothing then', async () => {
    const [model] = sixteen();
    const { numTensors } = tf.memory();
    const stop = new AbortController();
    const found = createSampler(model, { batch: 16, engine: 'fastest', signal: stop.signal });
    setTimeout(() => stop.abort(new Error('enough')));
    await expect(found).rejects.toThrow('enough');
    expect(tf.memory().numTensors).toBe(numTensors);
    model.dispose();
  });

  it('is none of an unknown name', async () => {
    const [model] = sixteen();
    const wrong = { engine: 'swift' } as unknown as SamplerOptions;
    await expect(createSampler(model, wrong)).rejects.toThrow(/expected engine queues, tensors, fastest, found swift/);
    model.dispose();
  });
});
