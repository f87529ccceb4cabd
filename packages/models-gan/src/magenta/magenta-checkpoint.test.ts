import {
  describeOnBackends,
  difference,
  expectNoLeak,
  readGolden,
  readGoldenBytes,
  readGoldenNpy,
  unpackGolden,
} from '@gansynth/test-kit';
import { representation } from '@gansynth/spectral';
import * as tf from '@tensorflow/tfjs-core';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { GeneratorModel } from '../model/generator-model.js';
import { imageSize, networkConfig } from '../progressive/config.js';
import { parameterCount } from '../progressive/network/variables.js';
import { pitchLabels } from '../sampling/sample.js';
import { memoryFiles, type FileSource } from '@gansynth/model-files';
import { ModelFileError } from '@gansynth/model-files';
import { latestCheckpoint, loadMagentaCheckpoint, loadMagentaManifest, type ImportedGenerator } from './magenta-checkpoint.js';
import { magentaHighResolution, magentaNormaliser, parseMagentaExperiment } from './magenta-experiment.js';
import { folderFiles } from '@gansynth/model-files/node';
import type { PlainWeights } from '@gansynth/model-files';

interface Statistics {
  readonly sum: number;
  readonly sumsq: number;
}

interface Channels {
  readonly ch0: Statistics;
  readonly ch1: Statistics;
}

interface Expected {
  readonly subsample: { readonly frame_step: number; readonly bin_step: number };
  readonly pitches: number[];
  readonly denormalised: Channels[];
}

const unpacked = mkdtempSync(join(tmpdir(), 'gansynth-checkpoints-'));
afterAll(() => rmSync(unpacked, { recursive: true, force: true }));
const folders = Object.fromEntries(
  ['tf1-checkpoint', 'magenta-js'].map((name) => [name, unpackGolden(`${name}/acoustic_tiny`, join(unpacked, name))]),
);
const folder = (name: string): string => folders[name]!;

/** Un-normalised images by the plain network. */
function images(imported: ImportedGenerator, z: tf.Tensor2D, pitches: readonly number[]): tf.Tensor4D {
  const model = new GeneratorModel(imported);
  const image = model.generate(z, pitchLabels(pitches, imported.config.pitches));
  model.dispose();
  return image;
}

/** Channel c of example n at every fy-th frame and fx-th bin. */
function picked(image: tf.Tensor4D, { frame_step: fy, bin_step: fx }: Expected['subsample'], channel: number): Float32Array {
  return tf.tidy(() => {
    const [batch, height, width] = image.shape;
    return tf
      .stridedSlice(image, [0, 0, 0, channel], [batch, height, width, channel + 1], [1, fy, fx, 1])
      .dataSync() as Float32Array;
  });
}

const quantile = (values: Float32Array, q: number): number => values.sort()[Math.floor(q * (values.length - 1))]!;

function checkAgainstOriginal(name: string, load: () => Promise<ImportedGenerator>): void {
  describeOnBackends(`${name}: what the original computes with these weights`, (backend) => {
    const golden = `${name}/expected`;
    it('comes out: spectrograms and sound', async () => {
      const expected = readGolden<Expected>(`${golden}/expected.json`);
      const imported = await load();
      const { data, shape } = readGoldenNpy(`${golden}/z.npy`);
      // Example 1 is the one whose sound is recorded. The plain cpu backend computes it alone: seconds each.
      const examples = backend === 'cpu' ? [1] : [0, 1, 2];
      const rows = examples.map((n) => [...data.subarray(n * (shape[1] ?? 0), (n + 1) * (shape[1] ?? 0))]);
      const latent = tf.tensor2d(rows);
      const image = images(
        imported,
        latent,
        examples.map((n) => expected.pitches[n] ?? 0),
      );
      const reference = readGoldenNpy(`${golden}/specgram_denormalised_sub.npy`);
      const size = reference.data.length / 3;
      for (const [at, example] of examples.entries()) {
        const one = tf.slice(image, at, 1);
        for (const [channel, near] of [5e-3, 5e-4].entries()) {
          // The golden numbers' README: 99.9 % within 5e-3 and 5e-4, all within 0.1. A pixel norm over few channels magnifies rounding.
          const errors = picked(one, expected.subsample, channel).map((value, i) =>
            Math.abs(value - reference.data[example * size + 2 * i + channel]!),
          );
          expect(quantile(errors, 0.999), `example ${example}, channel ${channel}`).toBeLessThan(near);
          expect(quantile(errors, 1), `example ${example}, channel ${channel}`).toBeLessThan(0.1);
          const { sum, sumsq } = expected.denormalised[example]![channel === 0 ? 'ch0' : 'ch1'];
          const total = picked(one, { frame_step: 1, bin_step: 1 }, channel).reduce((all, x) => all + x, 0);
          expect(Math.abs(total - sum) / Math.sqrt(sumsq * 128 * 1024), 'sum, relative to what it could be').toBeLessThan(1e-6);
        }
        one.dispose();
      }
      const { decode } = representation(imported.experiment.representation);
      const audio = tf.tidy(() => decode(tf.slice(image, examples.indexOf(1), 1)).dataSync());
      const golden1 = Float64Array.from(readGoldenNpy(`${golden}/audio_example1.npy`).data);
      const loudness = Math.sqrt(golden1.reduce((sum, x) => sum + x * x, 0) / golden1.length);
      expect(audio).toHaveLength(64_000);
      expect(difference(audio, golden1).rms / loudness).toBeLessThan(0.01);
      tf.dispose([latent, image]);
    });
  });
}

const loadCheckpoint = (): ReturnType<typeof loadMagentaCheckpoint> =>
  loadMagentaCheckpoint(folderFiles(folder('tf1-checkpoint')));
const loadManifest = (): Promise<ImportedGenerator> => loadMagentaManifest(folderFiles(folder('magenta-js')));
const count = (all: PlainWeights): number => Object.values(all).reduce((sum, { data }) => sum + data.length, 0);

/** The first stage, in memory. */
const whole = (): Record<string, Uint8Array> =>
  Object.fromEntries(
    [
      'experiment.json',
      'stage_00000/checkpoint',
      ...['index', 'data-00000-of-00001'].map((x) => `stage_00000/model.ckpt-800000.${x}`),
    ].map((file) => [file, new Uint8Array(readFileSync(`${folder('tf1-checkpoint')}/${file}`))]),
  );
/** The first stage of a training that measured its normaliser. */
const measured = (name: string, npz?: Uint8Array): FileSource => {
  const files = whole();
  const flags = JSON.parse(new TextDecoder().decode(files['experiment.json'])) as object;
  files['experiment.json'] = new TextEncoder().encode(JSON.stringify({ ...flags, data_normalizer: name }));
  return memoryFiles({ ...files, ...(npz ? { [`assets/${name}.npz`]: npz } : {}) });
};

const fails = async (files: FileSource, message: RegExp): Promise<void> => {
  const error = await loadMagentaCheckpoint(files).then(
    () => undefined,
    (reason: unknown) => reason,
  );
  expect(ModelFileError.isInstance(error), `${error as Error}`).toBe(true);
  expect((error as Error).message).toMatch(message);
};

describe('loadMagentaCheckpoint', () => {
  checkAgainstOriginal('tf1-checkpoint', loadCheckpoint);

  it('takes the last stage, fully grown, with all its weights, and makes no tensors', () =>
    expectNoLeak(async () => {
      const { growth, images, stage, prefix, config, weights, critic } = await loadCheckpoint();
      expect({ growth, images, stage, prefix }).toEqual({
        growth: { blocks: 7, progress: 6 },
        images: 11_000_000,
        stage: 'stage_00012',
        prefix: 'stage_00012/model.ckpt-11000000',
      });
      expect(count(weights)).toBe(parameterCount('generator', config));
      expect(count(await critic())).toBe(parameterCount('critic', config));
      expect(config.normaliser).toEqual(magentaNormaliser);
    }));

  it('takes another stage when asked, and the raw weights when asked', async () => {
    const files = folderFiles(folder('tf1-checkpoint'));
    const early = await loadMagentaCheckpoint(files, { stage: 0 });
    expect([early.growth, early.images]).toEqual([{ blocks: 1, progress: 0 }, 800_000]);
    const raw = await loadMagentaCheckpoint(files, { weights: 'raw' });
    const name = 'Generator/progressive_gan_generator/progressive_gan_block_7/to_rgb/bias';
    expect(raw.weights[name]?.data).not.toEqual((await loadCheckpoint()).weights[name]?.data);
  });

  it('says what is missing or does not fit', async () => {
    const edited = (file: string, edit: (text: string) => string): FileSource =>
      memoryFiles({ ...whole(), [file]: new TextEncoder().encode(edit(new TextDecoder().decode(whole()[file]))) });
    const flag = (name: string, value: unknown): FileSource =>
      edited('experiment.json', (text) => JSON.stringify({ ...(JSON.parse(text) as object), [name]: value }));
    await fails(memoryFiles({}), /experiment\.json: expected this file/);
    await fails(memoryFiles({ 'experiment.json': whole()['experiment.json']! }), /expected stage folders/);
    await fails(
      edited('experiment.json', (text) => text.slice(0, 300)),
      /experiment\.json: expected JSON/,
    );
    await fails(
      edited('stage_00000/checkpoint', () => 'x'),
      /expected a line model_checkpoint_path/,
    );
    await fails(flag('fmap_max', 16), /block_1\/conv0.* of shape \[16\], found \[8\]/);
    await fails(flag('num_resolutions', -7), /"num_resolutions" to be an integer of at least 1, found -7/);
    await fails(flag('simple_arch', true), /"simple_arch"/);
    await fails(
      flag('data_normalizer', 'specgrams_simple_normalizer'),
      /measured from the training data, in assets\/specgrams_simple_normalizer\.npz, found no such file.*give its numbers: \{ normaliser/,
    );
    const { list: _, ...unlisted } = memoryFiles(whole());
    await fails(unlisted, /Name the stage/);
    expect((await loadMagentaCheckpoint(unlisted, { stage: 'stage_00000' })).growth.blocks).toBe(1);
  });

  it.each(['', '.index', '.meta', '.data-00000-of-00001'])('takes a checkpoint by its prefix and "%s"', async (ending) => {
    const { prefix, stage, images } = await loadMagentaCheckpoint(folderFiles(folder('tf1-checkpoint')), {
      checkpoint: `stage_00000/model.ckpt-800000${ending}`,
    });
    expect({ prefix, stage, images }).toEqual({
      prefix: 'stage_00000/model.ckpt-800000',
      stage: 'stage_00000',
      images: 800_000,
    });
  });

  it('needs neither a list of the folder nor the file `checkpoint` where it is told which one, and does not take two answers', async () => {
    const { 'stage_00000/checkpoint': _, ...files } = whole();
    const { list: __, ...unlisted } = memoryFiles(files);
    const checkpoint = 'stage_00000/model.ckpt-800000.index';
    expect((await loadMagentaCheckpoint(unlisted, { checkpoint })).growth.blocks).toBe(1);
    await expect(loadMagentaCheckpoint(unlisted, { checkpoint, stage: 12 })).rejects.toThrow(
      /expected a checkpoint of stage stage_00012, found stage_00000/,
    );
    await expect(loadMagentaCheckpoint(unlisted, { checkpoint: 'stage_00000/model.ckpt-7.meta' })).rejects.toThrow(
      /stage_00000\/model\.ckpt-7\.index: expected this file/,
    );
  });

  describe('with a normaliser that its training measured', () => {
    const asset = 'assets/specgrams_simple_normalizer.npz';
    it('reads it from the folder of the training, as the original wrote it', async () => {
      const npz = readGoldenBytes('normalizer/specgrams_simple_normalizer.npz');
      const [scale0, offset0, scale1, offset1] = readGoldenNpy('normalizer/specgrams_simple_normalizer_values.npy').data;
      const { config } = await loadMagentaCheckpoint(measured('specgrams_simple_normalizer', npz));
      expect(config.normaliser).toEqual({ scale: [[scale0, scale1]], offset: [[offset0, offset1]] });
    });

    it('takes that of the caller before it', async () => {
      const files = measured('specgrams_simple_normalizer', Uint8Array.of(1));
      expect((await loadMagentaCheckpoint(files, { normaliser: magentaNormaliser })).config.normaliser).toEqual(
        magentaNormaliser,
      );
    });

    it('refuses one that is damaged, or has rows for other images', async () => {
      const npz = readGoldenBytes('normalizer/specgrams_simple_normalizer.npz');
      await fails(measured('specgrams_simple_normalizer', npz.slice(0, 100)), new RegExp(`${asset}: expected`));
      // Measured on images of eight frequencies.
      const rows = readGoldenBytes('normalizer/specgrams_freq_normalizer.npz');
      await fails(measured('specgrams_freq_normalizer', rows), /expected a network that can be built\. .*normaliser/);
    });
  });

  it('refuses a damaged tensor that it needs', async () => {
    const files = whole();
    const data = files['stage_00000/model.ckpt-800000.data-00000-of-00001']!;
    for (let i = 0; i < data.length; i += 64) data[i] = data[i]! ^ 1;
    await fails(memoryFiles(files), /expected checksum .* The file is damaged/);
  });
});

describe('latestCheckpoint', () => {
  it.each([
    ['model_checkpoint_path: "model.ckpt-5"\nall_model_checkpoint_paths: "model.ckpt-4"', 'model.ckpt-5'],
    [
      'all_model_checkpoint_paths: "a"\nmodel_checkpoint_path: "/home/someone/train/stage_00012/model.ckpt-11000000"',
      'model.ckpt-11000000',
    ],
    ['model_checkpoint_path: "C:\\\\train\\\\model.ckpt-7"', 'model.ckpt-7'],
  ])('%s means the file of that name beside it', (contents, name) => {
    expect(latestCheckpoint(contents)).toBe(name);
  });
});

describe('loadMagentaManifest', () => {
  checkAgainstOriginal('magenta-js', loadManifest);

  it('does not scale the last layer by sqrt(2), as Magenta.js does', async () => {
    const { js_gain_ch0_sums: wrong } = readGolden<{ js_gain_ch0_sums: number[] }>('magenta-js/expected/negative_control.json');
    const expected = readGolden<Expected>('magenta-js/expected/expected.json');
    const right = expected.denormalised[0]!.ch0.sum;
    expect(Math.abs(right - wrong[0]!)).toBeGreaterThan(1e3); // so the comparison above tells the two apart
  });

  it('takes a normaliser for each frequency of the weights, whatever width the experiment has', async () => {
    const rows = Array.from({ length: 1024 }, (_, bin) => [1 + bin / 1024, 0.8]);
    const normaliser = { scale: rows, offset: rows };
    const narrow = { ...magentaHighResolution, network: networkConfig({ start: [2, 8] }) };
    const { config } = await loadMagentaManifest(folderFiles(folder('magenta-js')), { normaliser, experiment: narrow });
    expect(imageSize(config)).toEqual([128, 1024]);
    expect(config.normaliser).toEqual(normaliser);
  });

  it('reads a measured normaliser from the folder, and says where it looked', async () => {
    const name = 'specgrams_simple_normalizer';
    const experiment = parseMagentaExperiment(JSON.stringify({ data_normalizer: name }));
    const files = folderFiles(folder('magenta-js'));
    await expect(loadMagentaManifest(files, { experiment })).rejects.toThrow(
      /in assets\/specgrams_simple_normalizer\.npz, found no such file/,
    );
    const npz = readGoldenBytes(`normalizer/${name}.npz`);
    const withAsset: FileSource = {
      ...files,
      read: (path, range) => (path === `assets/${name}.npz` ? Promise.resolve(npz) : files.read(path, range)),
    };
    const [scale0, offset0, scale1, offset1] = readGoldenNpy(`normalizer/${name}_values.npy`).data;
    const { config } = await loadMagentaManifest(withAsset, { experiment });
    expect(config.normaliser).toEqual({ scale: [[scale0, scale1]], offset: [[offset0, offset1]] });
  });
});
