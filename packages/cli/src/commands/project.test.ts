import { readFileSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { encodeWav } from '@gansynth/common/wav';
import { latentInstrument } from '@gansynth/models-gan/latents';
import { readReferenceWav } from '@gansynth/test-kit';
import { beforeAll, describe, expect, it } from 'vitest';
import { gansynth } from '../test-support/packed.js';
import { trainedFolder, withSmoke } from '../test-support/trained.js';

type Network = Parameters<typeof latentInstrument>[1];

let cwd: string;
beforeAll(async () => {
  cwd = await trainedFolder();
});

const run = (...words: string[]): ReturnType<typeof withSmoke> => withSmoke(cwd, ...words);
const audio = (file: string): Float32Array => readReferenceWav(join(cwd, file));

describe('gansynth project', () => {
  it('finds a latent that other commands take', async () => {
    const found = await run('project', 'notes/audio/mallet_acoustic_812-064-100.wav', '--candidates', '4', '--steps', '2');
    expect(found).toMatchObject({ pitch: 64 });
    expect(found['distance']).toBeLessThanOrEqual(found['candidateDistance'] as number);
    const { files } = await run('generate', '--latents', found['latents'] as string, '--pitches', '64', '-o', 'projected');
    expect(audio(files[0]!)).toEqual(audio('projection/answer.wav'));
  });

  it('takes a recording of another sample rate', async () => {
    const tone = Float32Array.from({ length: 44_100 }, (_, i) => 0.5 * Math.sin((2 * Math.PI * 329.63 * i) / 44_100));
    writeFileSync(join(cwd, 'e4.wav'), encodeWav(tone, 44_100));
    expect(await run('project', 'e4.wav', '--candidates', '2', '--steps', '1')).toMatchObject({ pitch: 64 });
  });

  it('matches a second of a clarinet as long as it lasts, with the clarinet of the shipped model', async () => {
    const words = ['notes/audio/reed_acoustic_871-060-100.wav', '--candidates', '24', '--steps', '0', '--json', '-q'];
    const { status, stdout } = await gansynth(['project', ...words, '--model', 'mini'], { cwd });
    expect(status).toBe(0);
    const { latents } = JSON.parse(stdout) as { latents: string };
    const [latent] = (JSON.parse(readFileSync(join(cwd, latents), 'utf8')) as { latents: [number[]] }).latents;
    const { network } = createRequire(import.meta.url)('@gansynth/model-mini/gansynth.json') as { network: Network };
    expect(network.instruments[latentInstrument(latent, network)]).toBe('clarinet');
  });

  it('refuses what is too short for a frame', async () => {
    writeFileSync(join(cwd, 'click.wav'), encodeWav(Float32Array.of(0.5, -0.5), 16_000));
    const { status, stderr } = await gansynth(['project', 'click.wav', '--model', 'mini', '--pitch', 'C4'], { cwd });
    expect(status).toBe(3);
    expect(stderr).toContain('expected a note that fills a frame');
  });

  it('refuses silence', async () => {
    writeFileSync(join(cwd, 'silence.wav'), encodeWav(new Float32Array(4000), 16_000));
    const { status, stderr } = await gansynth(['project', 'silence.wav', '--model', 'smoke'], { cwd });
    expect(status).toBe(3);
    expect(stderr).toContain('found silence');
  });
});
