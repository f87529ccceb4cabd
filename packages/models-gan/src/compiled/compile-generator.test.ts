import { describeOnBackends, expectClose, expectNoLeak } from '@gansynth/test-kit';
import { randomStream } from '@gansynth/common/random';
import * as tf from '@tensorflow/tfjs-core';
import { describe, expect, it } from 'vitest';
import { imageSize, networkConfig, type NetworkConfig } from '../progressive/config.js';
import { ArgumentError } from '../errors.js';
import type { PlainTensor, PlainWeights } from '@gansynth/model-files';
import { GeneratorModel } from '../model/generator-model.js';
import type { Growth } from '../progressive/network/stage-shape.js';
import { networkVariables } from '../progressive/network/variables.js';
import { product } from '../progressive/operations/operation.js';
import type { ConvolutionForms } from './choose-forms.js';
import { compileGenerator } from './compile-generator.js';
import { readWeights } from './read-weights.js';

const small: Partial<NetworkConfig> = {
  latentSize: 5,
  pitches: [60, 62, 64],
  start: [2, 4],
  blocks: 4,
  filters: { base: 128, decay: 1, max: 24 },
  normaliser: { scale: [[0.07, 0.8]], offset: [[0.1, -0.05]] },
};

/** Weights as training starts them, biases too, so that none is 0. */
function randomWeights(config: NetworkConfig): PlainWeights {
  const weights: Record<string, PlainTensor<Float32Array>> = {};
  for (const { name, shape } of networkVariables('generator', config)) {
    const data = randomStream(7, name).normalValues(product(shape));
    weights[name] = { shape, data: name.endsWith('bias') ? data.map((value) => 0.1 * value) : data };
  }
  return weights;
}

/**
 * Compiled against plain on the same inputs, in normalised units: 2e-5, the promise of `compileGenerator`. Over twelve seeds the plain generator on
 * wasm and on cpu, which adds up in double precision, differ by up to 1.3e-5: the network makes that of rounding, in whatever order it sums.
 */
function expectEqual(options: Partial<NetworkConfig>, growth?: Growth, forms?: ConvolutionForms): void {
  const config = networkConfig({ ...small, ...options });
  const source = { config, weights: randomWeights(config), ...(growth ? { growth } : {}) };
  const labels = Int32Array.of(0, 2, -1);
  const latent = tf.tensor2d(randomStream(3, 'z').normalValues(labels.length * config.latentSize), [
    labels.length,
    config.latentSize,
  ]);
  const plain = new GeneratorModel(source);
  const compiled = compileGenerator(source, forms ? { forms } : {});
  const [expected, actual] = [plain.generate(latent, labels), compiled.generate(latent, labels)];
  expect(actual.shape).toEqual([labels.length, ...imageSize(config), config.channels]);
  const scales = tf.tensor2d((config.normaliser?.scale ?? [[1]]) as number[][]);
  expectClose(tf.mul(actual, scales).dataSync(), tf.mul(expected, scales).dataSync(), { absolute: 2e-5 });
  plain.dispose();
  compiled.dispose();
  tf.dispose([latent, expected, actual]);
}

const doublings = ['plain', 'merged', 'difference', 'winograd'] as const;
const convolutions = ['plain', 'row-winograd', 'winograd'] as const;

describeOnBackends('compileGenerator', () => {
  const variants: [string, Partial<NetworkConfig>, Growth?][] = [
    ['a network of four blocks', {}],
    ['an image that is not yet full size', {}, { blocks: 3, progress: 2 }],
    ['a transition', {}, { blocks: 4, progress: 2.3 }],
    ['a transition that has not reached the newest block', {}, { blocks: 4, progress: 1.75 }],
    ['one block', {}, { blocks: 1, progress: 0 }],
    ['a linear image', { toRgbActivation: 'linear', normaliser: null }],
    ['a normaliser for each bin', { normaliser: { scale: perBin(0.5, 0.01), offset: perBin(-0.1, 0.02) } }],
    ['no pixel norm of the input, the epsilon of the paper', { inputPixelNorm: false, pixelNormEpsilon: 1e-12 }],
    ['tripling', { scaleBase: 3, blocks: 3, start: [1, 2] }],
    ['height only', { scaleMode: 'height', start: [4, 1], kernelSize: [9, 1] }],
    ['5 x 3 kernels', { kernelSize: [5, 3] }],
    ['heights that are no multiple of four', { start: [3, 5], blocks: 3 }],
    ['instruments', { instruments: ['flute', 'horn'] }],
    ['instruments for every value of z', { instruments: ['flute', 'horn', 'oboe', 'harp', 'bell'] }],
    [
      'crossed inputs',
      {
        instruments: ['flute', 'horn'],
        attributes: [{ name: 'collection', levels: 2 }],
        crossed: { attributes: ['collection'], anchors: 2 },
      },
    ],
    ['fully connected layers', { dense: [7, 12], blocks: 1, start: [6, 8] }],
    [
      'one, of a linear image without norms',
      { dense: [9], blocks: 1, start: [3, 5], toRgbActivation: 'linear', inputPixelNorm: false },
    ],
    ['crossed inputs of pitches alone', { crossed: { attributes: [], anchors: 3 } }],
    [
      'conditioning planes',
      { conditioning: { features: 2, generator: ['block_1/conv1', 'block_2/conv0', 'block_4/conv1'], critic: [] } },
    ],
  ];
  it.each(variants)('gives the images of the plain generator: %s', (_name, options, growth) => {
    expectEqual(options, growth);
  });

  const forms = doublings.flatMap((doubling) => convolutions.map((convolution) => ({ doubling, convolution, oneByOne: true })));
  it.each(forms)('gives them with $doubling doubling and $convolution convolutions', (form) => {
    expectEqual({}, undefined, form);
  });

  it('compiles a model that holds tensors, directly and from numbers read off it', async () => {
    const config = networkConfig(small);
    const model = new GeneratorModel({ config, weights: randomWeights(config) });
    const generators = [compileGenerator(model), compileGenerator({ config, weights: await readWeights(model.weights) })];
    const latent = tf.ones([1, config.latentSize]) as tf.Tensor2D;
    const images = generators.map((generator) => generator.generate(latent, Int32Array.of(1)));
    expect(images[0]?.dataSync()).toEqual(images[1]?.dataSync());
    tf.dispose([latent, images]);
    for (const each of [model, ...generators]) each.dispose();
  });

  it('gives them for a whole batch at once', () => {
    expectEqual({}, undefined, { doubling: 'merged', convolution: 'plain', oneByOne: false });
  });

  it('leaves no tensors behind but the images, and none after dispose', async () => {
    const config = networkConfig(small);
    const weights = randomWeights(config);
    await expectNoLeak(async () => {
      const compiled = compileGenerator({ config, weights });
      const latent = tf.zeros([2, config.latentSize]) as tf.Tensor2D;
      await expectNoLeak(() => compiled.generate(latent, Int32Array.of(0, 1)), 1).finally(() => latent.dispose());
      compiled.dispose();
    }, 1);
  });
});

interface WasmHeap {
  registerTensor(id: number, size: number, address: number): void;
  disposeData(id: number): void;
}

/** Bytes that the wasm backend allocates for tensors at most while `work` runs. `tf.memory` counts a reshaped tensor twice. */
function peakOfHeap(work: () => void): number {
  const { tfjs } = (tf.backend() as unknown as { wasm: { tfjs: WasmHeap } }).wasm;
  const { registerTensor, disposeData } = tfjs;
  const sizes = new Map<number, number>();
  let [now, peak] = [0, 0];
  tfjs.registerTensor = (id, size, address) => {
    sizes.set(id, 4 * size);
    peak = Math.max(peak, (now += 4 * size));
    registerTensor(id, size, address);
  };
  tfjs.disposeData = (id) => {
    now -= sizes.get(id) ?? 0;
    disposeData(id);
  };
  try {
    work();
  } finally {
    Object.assign(tfjs, { registerTensor, disposeData });
  }
  return peak;
}

function perBin(first: number, step: number): number[][] {
  return Array.from({ length: 32 }, (_, bin) => [first + step * bin, first - step * (bin % 3)]);
}

describeOnBackends(
  'compileGenerator',
  () => {
    it('estimates the memory that computing a note takes', () => {
      const config = networkConfig({ ...small, start: [2, 16], blocks: 4, filters: { base: 512, decay: 1, max: 64 } });
      // Kernels of @gansynth/training/wasm take memory of their own for plain convolutions, which only the prepared ones tell.
      const isPrepared = tf.getKernel('GansynthPreparedConvolution', 'wasm') !== undefined;
      for (const doubling of isPrepared ? (['winograd'] as const) : doublings)
        for (const convolution of isPrepared ? (['winograd'] as const) : convolutions) {
          const compiled = compileGenerator(
            { config, weights: randomWeights(config) },
            { forms: { doubling, convolution, oneByOne: true } },
          );
          const latent = tf.zeros([1, config.latentSize]) as tf.Tensor2D;
          const ratio = peakOfHeap(() => compiled.generate(latent, Int32Array.of(0)).dispose()) / compiled.estimate.peakBytes;
          expect(ratio, `${doubling}, ${convolution}`).toBeGreaterThan(0.8);
          expect(ratio, `${doubling}, ${convolution}`).toBeLessThan(1.2);
          compiled.dispose();
          latent.dispose();
        }
    });
  },
  ['wasm'],
);

describe('compileGenerator', () => {
  it('estimates a full-size note: a third of the multiply-adds of the network as written', async () => {
    await tf.setBackend('cpu');
    const config = networkConfig({ latentSize: 4, pitches: [60] });
    const zeros: Record<string, PlainTensor<Float32Array>> = {}; // the values do not matter
    for (const { name, shape } of networkVariables('generator', config))
      zeros[name] = { shape, data: new Float32Array(product(shape)) };
    const estimate = (form: Partial<ConvolutionForms>): ReturnType<typeof compileGenerator>['estimate'] => {
      const compiled = compileGenerator(
        { config, weights: zeros },
        { forms: { doubling: 'plain', convolution: 'plain', oneByOne: true, ...form } },
      );
      compiled.dispose();
      return compiled.estimate;
    };
    // The sum over table 3 of the paper is 14.15e9 with all seven image layers and 317 inputs; only the last image layer shows here.
    expect(estimate({}).plainMultiplyAdds / 1e9).toBeCloseTo(14.07, 2);
    expect(estimate({}).multiplyAdds).toBe(estimate({}).plainMultiplyAdds);
    expect(estimate({ doubling: 'merged' }).multiplyAdds / 1e9).toBeCloseTo(9.4, 1);
    expect(estimate({ doubling: 'difference', convolution: 'row-winograd' }).multiplyAdds / 1e9).toBeCloseTo(5.0, 1);
    expect(estimate({ doubling: 'difference' }).flops).toBe(2 * estimate({ doubling: 'difference' }).multiplyAdds);
  });

  it('refuses what it cannot compile, naming it', () => {
    const config = networkConfig(small);
    const { [Object.keys(randomWeights(config))[3]!]: missing, ...others } = randomWeights(config);
    expect(missing).toBeDefined();
    expect(() => compileGenerator({ config, weights: others })).toThrow(/expected a variable Generator\/.* found none/);
    expect(() =>
      compileGenerator({ config: networkConfig({ ...small, latentSize: 6 }), weights: randomWeights(config) }),
    ).toThrow(ArgumentError);
    const simple = networkConfig({ ...small, architecture: 'simple' });
    expect(() => compileGenerator({ config: simple, weights: {} })).toThrow(/GeneratorModel/);
    const compiled = compileGenerator({ config, weights: randomWeights(config) });
    const latent = tf.zeros([2, config.latentSize]) as tf.Tensor2D;
    expect(() => compiled.generate(latent, Int32Array.of(0))).toThrow(/as many labels/);
    compiled.dispose();
    latent.dispose();
  });
});
