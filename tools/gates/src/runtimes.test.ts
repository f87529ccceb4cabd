import { execFileSync } from 'node:child_process';
import { copyFileSync, readFileSync } from 'node:fs';
import { availableParallelism } from 'node:os';
import { join } from 'node:path';
import { beforeAll, describe, expect, it } from 'vitest';
import { installAlone, root, runtimeBinary } from './workspace.js';

const words = { deno: ['run', '--allow-all', '--node-modules-dir=manual'], bun: ['run'] } as const;

describe.each(['deno', 'bun'] as const)('on %s', (name) => {
  const binary = runtimeBinary(name);
  const missing = binary === undefined ? ` (skipped: no ${name} here, nor from npm)` : '';
  /** The packages as a user installs them. */
  let folder: string;
  /** Fails where it does not end by itself. */
  const run = (runtime: string, ...program: string[]): string =>
    execFileSync(runtime, program, { cwd: folder, encoding: 'utf8', timeout: 120_000 });

  beforeAll(() => {
    if (binary === undefined) return;
    folder = installAlone('voice');
    for (const program of ['tools/gates/programs/threads.mjs', 'examples/node/chord.mjs'])
      copyFileSync(join(root, program), join(folder, program.split('/').at(-1) ?? ''));
  });

  it.skipIf(missing)(`wasm starts on all cores, counts right, notes are sampled on two, and the program ends${missing}`, () => {
    const found = JSON.parse(run(binary ?? name, ...words[name], 'threads.mjs')) as { sampler: { values: number } };
    expect(found).toMatchObject({
      backend: 'wasm',
      threads: availableParallelism(),
      right: expect.closeTo(1, 5) as number,
      sampler: { threads: Math.min(2, availableParallelism()), same: true },
    });
    expect(found.sampler.values).toBeGreaterThan(20);
  });

  it.skipIf(missing)(`the shipped model plays the notes that it plays in Node${missing}`, () => {
    run(process.execPath, 'chord.mjs', 'flute', 'C4,E4', 'node.wav');
    run(binary ?? name, ...words[name], 'chord.mjs', 'flute', 'C4,E4', 'here.wav');
    expect(readFileSync(join(folder, 'here.wav')).equals(readFileSync(join(folder, 'node.wav')))).toBe(true);
  });
});
