import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { memoryFiles } from '@gansynth/model-files';
import { judgeNote } from '@gansynth/metrics';
import { describeOnBackends } from '@gansynth/test-kit';
import * as tf from '@tensorflow/tfjs-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { openVoice } from './node.js';
import { tinyGan } from './test-support/tiny-models.js';

let folder: string;
let server: Server;
let files: Record<string, Uint8Array>;
beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'gansynth-voice-'));
  await tf.setBackend('cpu');
  files = await tinyGan();
  mkdirSync(join(folder, 'run', 'model'), { recursive: true });
  for (const [name, bytes] of Object.entries(files)) writeFileSync(join(folder, 'run', 'model', name), bytes);
  server = createServer(({ url = '' }, response) => {
    const bytes = files[url.replace('/some/model/', '')];
    response.writeHead(bytes === undefined ? 404 : 200).end(bytes);
  }).listen(0, '127.0.0.1');
  await new Promise((done) => server.once('listening', done));
});
afterAll(() => {
  server.close();
  rmSync(folder, { recursive: true, force: true });
});

describeOnBackends('openVoice', () => {
  it('takes files, a folder, that of a run, a file of it, and URLs', async () => {
    const expected = await openVoice(memoryFiles(files));
    const note = await expected.notes(60);
    const model = join(folder, 'run', 'model');
    const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/some/model`;
    for (const source of [
      model,
      join(folder, 'run'),
      join(model, 'gansynth.json'),
      pathToFileURL(model),
      url,
      new URL(`${url}/`),
    ]) {
      const voice = await openVoice(source);
      expect(voice.source).toBe(String(source));
      expect(await voice.notes(60)).toEqual(note);
      voice.dispose();
    }
    expected.dispose();
  });

  it('says what it found where there is no model', async () => {
    await expect(openVoice(folder)).rejects.toThrow(/expected a model's folder \(with gansynth.json\) .* found run\./);
    await expect(openVoice('@nobody/no-model')).rejects.toThrow(
      /@nobody\/no-model: .* npm package that is installed here, found neither/,
    );
    const port = (server.address() as AddressInfo).port;
    await expect(openVoice(`http://127.0.0.1:${port}/other`)).rejects.toThrow(/other: .*gansynth.json.*404/);
    const { representation: _, ...silent } = JSON.parse(new TextDecoder().decode(files['gansynth.json'])) as Record<
      string,
      unknown
    >;
    const mute = { ...files, 'gansynth.json': new TextEncoder().encode(JSON.stringify(silent)) };
    await expect(openVoice(memoryFiles(mute))).rejects.toThrow(/says how its images sound/);
    const other = await tinyGan({ representation: { kind: 'if', frames: 4, bins: 32, samples: 50, sampleRate: 8000 } });
    await expect(openVoice(memoryFiles(other))).rejects.toThrow(/expected a model of \[4,32,2\], .* found one of \[8,32,2\]/);
  });
});

describe('the shipped model, by the name of its package', () => {
  it('plays what it is asked for, in tune', async () => {
    const voice = await openVoice('@gansynth/model-mini');
    const [low, high] = await voice.notes(['C4', 'A4'], { timbre: 'clarinet' });
    for (const [audio, pitch] of [
      [low, 60],
      [high, 69],
    ] as const) {
      const { cents } = judgeNote({ audio: audio ?? [], pitch }, { sampleRate: voice.sampleRate });
      expect(Math.abs(cents ?? Number.POSITIVE_INFINITY)).toBeLessThan(20);
    }
    voice.dispose();
  });
});
