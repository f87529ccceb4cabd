import { judgeNote } from '@gansynth/metrics';
import { drawLatents } from '@gansynth/models-gan/latents';
import { loadGenerator, type LoadedGenerator } from '@gansynth/models-gan';
import { representationFromJSON, type RepresentationJSON } from '@gansynth/spectral';
import { describeOnBackends } from '@gansynth/test-kit';
import * as tf from '@tensorflow/tfjs-core';
import { existsSync, statSync } from 'node:fs';
import { createRequire } from 'node:module';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import * as inBrowsers from './index.js';
import { modelMini } from './node.js';

const require = createRequire(import.meta.url);

describe('the files of the shipped model', () => {
  it('are all listed and all there, and no more than 16 MB', async () => {
    let bytes = 0;
    for (const name of await modelMini.list()) bytes += (await modelMini.read(name)).length;
    expect(bytes).toBeGreaterThan(1e6);
    expect(bytes).toBeLessThan(16e6);
    const { files } = JSON.parse(new TextDecoder().decode(await modelMini.read('gansynth.json'))) as { files: object };
    expect(Object.keys(files).sort()).toEqual((await modelMini.list()).filter((name) => name !== 'gansynth.json').sort());
  });

  it('are the same ones that other programs find by path', async () => {
    for (const name of ['gansynth.json', 'model.json']) {
      const file = require.resolve(`@gansynth/model-mini/${name}`);
      expect(existsSync(file)).toBe(true);
      expect(statSync(file).size).toBe((await modelMini.read(name)).length);
    }
  });

  it('are read in parts', async () => {
    const whole = await modelMini.read('model.json');
    expect(await modelMini.read('model.json', { start: 5, length: 7 })).toEqual(whole.subarray(5, 12));
  });

  it('are refused by any other name', async () => {
    for (const { modelMini: files } of [inBrowsers, { modelMini }])
      await expect(files.read('weights.h5')).rejects.toThrow('expected one of gansynth.json, model.json');
  });

  it('say where they come from, under which licence, and how good they are', async () => {
    const manifest = JSON.parse(new TextDecoder().decode(await modelMini.read('gansynth.json'))) as Record<string, unknown>;
    expect(manifest['licence']).toContain('MIT');
    expect(manifest['details']).toMatchObject({ recipe: { name: 'mini/notes' } });
    const scores = manifest['scores'] as Record<string, number>;
    for (const name of ['ndbOverK', 'fid', 'inceptionScore', 'pitchAccuracy', 'pitchEntropy', 'within20Cents', 'harmonicEnergy'])
      expect(scores[name], name).toBeTypeOf('number');
  });
});

describeOnBackends('the shipped model', () => {
  let loaded: LoadedGenerator;
  beforeAll(async () => {
    loaded = await loadGenerator(modelMini);
  });
  afterAll(() => loaded.model.dispose());

  it('sings the pitch it is asked for, for four seconds', async () => {
    const { model, manifest } = loaded;
    const { pitches, latentSize } = model.config;
    const codec = representationFromJSON(manifest.representation as RepresentationJSON);
    const wanted = [pitches[0]!, 60, pitches.at(-1)!];
    const latents = drawLatents(wanted.length, { seed: 4, latentSize });
    const audio = tf.tidy(() => {
      const z = tf.tensor2d(
        latents.flatMap((latent) => Array.from(latent)),
        [wanted.length, latentSize],
      );
      return codec.decode(
        model.generate(
          z,
          Int32Array.from(wanted, (pitch) => pitches.indexOf(pitch)),
        ),
        wanted,
      );
    });
    expect(audio.shape).toEqual([3, 64_000]);
    const samples = (await audio.data()) as Float32Array;
    audio.dispose();
    for (const [i, pitch] of wanted.entries()) {
      const { cents } = judgeNote({ audio: samples.subarray(64_000 * i, 64_000 * (i + 1)), pitch }, { sampleRate: 16_000 });
      expect(Math.abs(cents ?? Number.POSITIVE_INFINITY), `pitch ${pitch}`).toBeLessThan(20);
    }
  });
});
