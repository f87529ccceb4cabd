import {
  demoNotes,
  describeOnBackends,
  describeWithGenuineNSynth,
  expectClose,
  expectNoLeak,
  fillingRule,
  readGolden,
  readGoldenNpy,
  readNote,
  readReferenceWav,
  sharedPath,
} from '@gansynth/test-kit';
import '@gansynth/training/wasm';
import * as tf from '@tensorflow/tfjs-core';
import { describe, expect, it } from 'vitest';
import {
  classifierInput,
  classifierInputs,
  classifierSource,
  createPitchClassifier,
  defaultInput,
  evaluatePitchClassifier,
  hertzOfPitch,
  loadPitchClassifier,
  originalClassifier,
  type ClassifierSettings,
  type PitchClassifier,
  ShapeError,
  smallClassifier,
  trainPitchClassifier,
  ValueError,
} from '../index.js';
import { noise, tone } from '../test-support/notes.js';

const folder = 'metrics/pitch_classifier';

interface Golden {
  readonly notes: [string, string];
  readonly channels: [number, number, number, number];
  readonly input_stats_from_notes: { readonly sum: number; readonly sumsq: number };
  readonly variables: { readonly name: string; readonly shape: number[] }[];
}

/** The two notes that the original classified: one of the repository, and a genuine one of NSynth. */
const golden = (): Golden => readGolden<Golden>(`${folder}/classifier.json`);
const ownNote = (): Float32Array => readNote(golden().notes[0]);
const genuineNote = (): Float32Array => readReferenceWav(sharedPath(`data/nsynth-genuine/audio/${golden().notes[1]}.wav`));
const read = (name: string): ArrayLike<number> => readGoldenNpy(`${folder}/${name}.npy`).data;
/** What a recorded array of both notes says of one of them. */
const half = (name: string, index: 0 | 1): ArrayLike<number> => {
  const { data } = readGoldenNpy(`${folder}/${name}.npy`);
  return data.slice((index * data.length) / 2, ((index + 1) * data.length) / 2);
};

function goldenClassifier(golden: Golden): PitchClassifier {
  const classifier = createPitchClassifier(originalClassifier({}, golden.channels));
  for (const { name } of golden.variables) {
    const [, block, variable] = /encoder\/(\w+?)_Layer\/\w+\/(?:BatchNorm\/)?(\w+)$/.exec(name) as unknown as [
      string,
      string,
      string,
    ];
    const { shape, data } = readGoldenNpy(`${folder}/weights/${name.replaceAll('/', '~')}.npy`);
    const isHead = block === 'z';
    const layer = `${isHead ? 'logits' : `block_${block}`}_${variable === 'weights' ? (isHead ? 'dense' : 'conv') : 'norm'}`;
    const target = classifier.model
      .getLayer(layer)
      .weights.find(({ originalName }) => originalName.endsWith(variable === 'weights' ? 'kernel' : variable));
    tf.tidy(() => void target?.write(tf.tensor(data, isHead && variable === 'weights' ? shape.slice(2) : [...shape])));
  }
  return classifier;
}

function expectSpectrogram(note: Float32Array, index: 0 | 1): void {
  for (const [ends, file] of [
    ['reflect', 'input_from_notes_edge_frames'],
    ['zeros', 'input_from_notes_edge_frames_zero_padded'],
  ] as const) {
    const image = classifierInput(note, { ...defaultInput, ends });
    const frames = [0, 1, 2, 248, 249, 250];
    const mine = Array.from({ length: 512 }, (_, bin) => frames.map((frame) => image[bin * 256 + frame]!)).flat();
    // float32 against float64 magnitudes near the floor of -120 dB
    expectClose(mine, half(file, index), { absolute: 1e-4, label: ends });
  }
  const image = classifierInput(note);
  const picked: number[] = [];
  for (let bin = 0; bin < 512; bin += 7) for (let frame = 0; frame < 256; frame += 5) picked.push(image[bin * 256 + frame]!);
  expectClose(picked, half('input_from_notes_sub', index), { absolute: 1e-4 });
}

describe('classifierInput beside the original', () => {
  it('gives the same spectrogram of a recorded note, with both ways to end', () => expectSpectrogram(ownNote(), 0));
});

describeWithGenuineNSynth('classifierInput beside the original', () => {
  it('gives the same spectrogram of a genuine note, and the same sum over both', () => {
    expectSpectrogram(genuineNote(), 1);
    const images = [ownNote(), genuineNote()].map((note) => classifierInput(note));
    const sum = images.reduce((total, image) => total + image.reduce((a, b) => a + b, 0), 0);
    expect(sum / golden().input_stats_from_notes.sum).toBeCloseTo(1, 5);
  });
});

const expectHeard = async (note: Float32Array, index: 0 | 1): Promise<void> => {
  const classifier = goldenClassifier(golden());
  const heard = classifier.classify([note]);
  const pitches = Array.from(half('logits_from_notes', index)).slice(0, 128);
  expectClose(await heard.logits.data(), pitches, { absolute: 1e-4, label: 'logits' });
  expectClose(await heard.features.data(), half('preact_layer_7_1_from_notes', index), { absolute: 3e-3, label: 'features' });
  tf.dispose([heard.logits, heard.features]);
  classifier.dispose();
};

describeOnBackends('original network', () => {
  describe('beside the original', () => {
    it('gives the same logits and features', async () => {
      const classifier = goldenClassifier(golden());
      const values = fillingRule(2 * 512 * 256, 900, 0.3).map((x) => Math.min(1, Math.max(0, x + 0.5)));
      const synthetic = tf.tensor4d(values, [2, 512, 256, 1]);
      const [all] = classifier.model.apply(synthetic, { training: false }) as [tf.Tensor2D, tf.Tensor2D];
      const { logits, features } = classifier.classifyInputs(synthetic);
      expectClose(await all.data(), read('logits_synthetic'), { absolute: 1e-4, label: 'logits' });
      expectClose(await features.data(), read('preact_layer_7_1_synthetic'), { absolute: 1e-4, label: 'features' });
      const trained = classifier.model.apply(synthetic, { training: true }) as tf.Tensor2D[];
      expectClose(await trained[0]!.data(), read('logits_synthetic_training_mode'), {
        absolute: 2e-3,
        label: 'training',
      });
      expect([logits.shape, features.shape]).toEqual([
        [2, 128],
        [2, golden().channels[2]],
      ]);
      tf.dispose([synthetic, all, logits, features, ...trained]);
      classifier.dispose();
    });

    it('hears the same in a recorded note', () => expectHeard(ownNote(), 0));
    describeWithGenuineNSynth('and of a genuine note', () => it('hears the same in it', () => expectHeard(genuineNote(), 1)));
  });
});

/** The small network in miniature, on half a second of sound. */
const tinySettings = (lowestPitch: number, pitches: number): ClassifierSettings => {
  const small = smallClassifier({
    lowestPitch,
    outputs: { pitches },
    // Few steps: the moving averages must follow quickly.
    batchNormDecay: 0.75,
    input: { samples: 8000, fftSize: 256, frames: 32, pool: 16 },
  });
  return { ...small, dense: 32, blocks: small.blocks.map((block) => ({ ...block, channels: 8 })) };
};

describeOnBackends('small classifier', () => {
  it('learns to tell tones apart that it has not seen, and leaves no tensors', async () => {
    const settings = tinySettings(60, 22);
    const example = (seed: number) => {
      const pitch = 60 + 7 * (seed % 4);
      const hiss = noise(8000, 0.02, seed);
      const audio = tone(hertzOfPitch(pitch + 0.2 * Math.sin(seed)), {
        partials: [1, 0.3 + 0.5 * Math.sin(3 * seed) ** 2, 0.2],
        seconds: 0.5,
      });
      return {
        input: classifierInput(
          audio.map((x, n) => x + hiss[n]!),
          settings.input,
        ),
        pitch,
      };
    };
    const examples = Array.from({ length: 40 }, (_, i) => example(i));
    await expectNoLeak(async () => {
      const classifier = createPitchClassifier(settings, { seed: 1 });
      const losses: number[] = [];
      await trainPitchClassifier(classifier, {
        source: classifierSource(examples, settings, { seed: 1 }),
        steps: 32,
        batchSize: 16,
        learningRate: 5e-3,
        onEvent: (event) => losses.push(event.losses.loss),
      });
      expect(losses.at(-1)).toBeLessThan(losses[0]! / 2);
      const fresh = Array.from({ length: 16 }, (_, i) => example(100 + i));
      const { strict, count, confusion } = await evaluatePitchClassifier(classifier, fresh, { batchSize: 12 });
      for (const batchSize of [0, 2.5])
        await expect(evaluatePitchClassifier(classifier, fresh, { batchSize })).rejects.toThrow(/batchSize/);
      expect(strict).toBeGreaterThanOrEqual(0.9);
      expect([count, Object.keys(confusion)]).toEqual([16, ['60', '67', '74', '81']]);
      await expect(evaluatePitchClassifier(classifier, [])).rejects.toThrow(/at least 1 example/);
      classifier.dispose();
    });
  });

  it('comes back from its saved model with the same answers, settings and hash', async () => {
    const classifier = createPitchClassifier(tinySettings(24, 3), { seed: 7 });
    let artifacts: tf.io.ModelArtifacts | undefined;
    await classifier.save(
      tf.io.withSaveHandler((saved) => {
        artifacts = saved;
        return Promise.resolve({ modelArtifactsInfo: { dateSaved: new Date(0), modelTopologyType: 'JSON' as const } });
      }),
      { heldOutAccuracy: 0.97 },
    );
    expect(artifacts?.userDefinedMetadata).toMatchObject({ gansynth: { kind: 'pitch-classifier', heldOutAccuracy: 0.97 } });
    const loaded = await loadPitchClassifier(tf.io.fromMemory(artifacts!));
    expect(loaded.settings).toEqual(classifier.settings);
    expect(await loaded.hash()).toBe(await classifier.hash());
    const notes = [noise(8000), tone(440, { seconds: 0.5 })];
    const [a, b] = [classifier.classify(notes), loaded.classify(notes)];
    expectClose(await b.logits.data(), await a.logits.data(), { absolute: 0 });
    expectClose(await b.features.data(), await a.features.data(), { absolute: 0 });
    tf.dispose([a.logits, a.features, b.logits, b.features]);
    loaded.dispose();
    const other = createPitchClassifier(tinySettings(24, 3), { seed: 8 });
    expect(await other.hash()).not.toBe(await classifier.hash());
    other.dispose();
    classifier.dispose();
    expect(() => classifier.classify(notes)).toThrow(/after dispose/);
    const foreign = { ...artifacts!, userDefinedMetadata: {} };
    await expect(loadPitchClassifier(tf.io.fromMemory(foreign))).rejects.toThrow(/found none/);
  });

  it('refuses labels and inputs that do not fit, and stops when told to', async () => {
    const settings = tinySettings(60, 2);
    const classifier = createPitchClassifier(settings);
    const source = (pitch: number) =>
      classifierSource([{ input: classifierInput(noise(8000), settings.input), pitch }], settings);
    await expect(trainPitchClassifier(classifier, { source: source(62), steps: 1, batchSize: 2 })).rejects.toThrow(
      /pitches in \[60, 61\], found 62/,
    );
    const signal = AbortSignal.abort(new Error('enough'));
    await expect(trainPitchClassifier(classifier, { source: source(60), steps: 1, batchSize: 2, signal })).rejects.toThrow(
      'enough',
    );
    const wrong = tf.zeros([1, 512, 256, 1]) as tf.Tensor4D;
    expect(() => classifier.classifyInputs(wrong)).toThrow(ShapeError);
    tf.dispose(wrong);
    classifier.dispose();
  });
});

describe('classifier settings', () => {
  it('are refused where no network can follow from them', () => {
    expect(() => smallClassifier({ input: { pool: 7 } })).toThrow(/pool to divide 256/);
    expect(() => smallClassifier({ input: { fftSize: 1000 } })).toThrow(/power of two/);
    expect(() => smallClassifier({ input: { frames: 10 } })).toThrow(/frames/);
    expect(() => smallClassifier({ outputs: { pitches: 0 } })).toThrow(ValueError);
    expect(() => classifierInput([Number.NaN])).toThrow(/finite/);
    expect(() => classifierSource([], smallClassifier())).toThrow(/at least 1 example/);
  });

  it('count the weights of the original network that its documentation names', () => {
    tf.setBackend('cpu');
    const classifier = createPitchClassifier(originalClassifier());
    expect(classifier.model.countParams() / 1e6).toBeCloseTo(14.3, 1);
    classifier.dispose();
  });

  it('treat the level of a note as of no account', () => {
    const audio = tone(330, { partials: [1, 0.5] });
    const [loud, quiet] = [audio, audio.map((x) => x / 64)].map((note) => classifierInput(note));
    expectClose(quiet!, loud!, { absolute: 1e-6 });
  });

  it('make one batch of several notes', () => {
    const batch = classifierInputs([tone(220), tone(330)]);
    expect(batch.shape).toEqual([2, 512, 256, 1]);
    batch.dispose();
  });
});

describe('small classifier on recorded instruments', () => {
  it('learns 24 notes of three instruments on wasm', async () => {
    await tf.setBackend('wasm');
    const { notes, read: audioOf } = demoNotes();
    const settings = smallClassifier({ lowestPitch: 60, outputs: { pitches: 13 } });
    const examples = notes
      .filter((_, i) => i % 8 < 5)
      .slice(0, 24)
      .map(({ id, pitch }) => ({ input: classifierInput(audioOf(id), settings.input), pitch }));
    const classifier = createPitchClassifier(settings, { seed: 3 });
    const accuracies: number[] = [];
    await trainPitchClassifier(classifier, {
      source: classifierSource(examples, settings, { seed: 3 }),
      steps: 24,
      batchSize: 8,
      learningRate: 2e-3,
      onEvent: ({ measures }) => accuracies.push(measures['accuracy'] ?? Number.NaN),
    });
    // The notes it has seen: chance among 13 classes is 0.08. Held-out accuracy takes a whole collection and minutes: see the README.
    expect(accuracies.slice(-6).reduce((a, b) => a + b) / 6).toBeGreaterThan(0.5);
    classifier.dispose();
  });
});
