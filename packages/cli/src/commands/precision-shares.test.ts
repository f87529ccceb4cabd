import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeAll, describe, expect, it } from 'vitest';
import { inProcess } from '../test-support/in-process.js';
import { scratch, type Finished } from '../test-support/packed.js';
import { demoNotes } from '../test-support/trained.js';

const recipe = {
  name: 'tiny',
  data: { samples: 2048 },
  model: {
    family: 'wavenet',
    layers: 2,
    cycle: 2,
    width: 4,
    skipWidth: 4,
    pitch: { hop: 64, heldSamples: 1024, width: 4, dilations: [], plainLayers: 1 },
  },
  training: { totalClips: 4, batchSize: 4, cropSamples: 256 },
  saving: { samples: 0 },
};

let cwd: string;
beforeAll(async () => {
  cwd = scratch();
  demoNotes(cwd);
  writeFileSync(join(cwd, 'recipe.json'), JSON.stringify(recipe));
  const { status, stderr } = await inProcess(['train', 'recipe.json', '--data', 'notes', '-q'], { cwd });
  expect(status, stderr).toBe(0);
});

const shareOf = (name: string, words: readonly string[], share: string, ...more: string[]): Promise<Finished> =>
  inProcess([name, '--model', 'tiny', ...words, '-o', name, '-q', '--shard', share, ...more], { cwd });

describe.each([
  ['generate', ['--count', '4'], /it differs in: --precision\)/],
  [
    'evaluate',
    ['--data', 'notes', '--hold-out', '0.6', '--classifier-steps', '2', '--no-untrained'],
    /it differs in: precision\)/,
  ],
])('shares of gansynth %s by a WaveNet', (name, words, message) => {
  it('are drawn with one precision, float32 where none is named', async () => {
    expect(await shareOf(name, words, '0/2')).toMatchObject({ status: 0, stderr: '' });
    const other = await shareOf(name, words, '1/2', '--precision', 'int8');
    expect(other).toMatchObject({ status: 2, stderr: expect.stringMatching(message) });
    expect(await shareOf(name, words, '1/2', '--precision', 'float32')).toMatchObject({ status: 0, stderr: '' });
  });
});
