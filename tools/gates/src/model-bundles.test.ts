import type { ModelFiles } from '@gansynth/model-mini';
import { build } from 'esbuild';
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { rollup } from 'rollup';
import { afterAll, describe, expect, it } from 'vitest';
import { root } from './workspace.js';

const folder = mkdtempSync(join(tmpdir(), 'gansynth-bundles-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

/** What a page gets of the package. */
const entry = join(root, 'packages/model-mini/dist/index.js');
const program = join(folder, 'program.js');
writeFileSync(program, `export { modelMini } from ${JSON.stringify(entry)};`);

async function expectModelIn(bundle: string): Promise<void> {
  const { modelMini }: { modelMini: ModelFiles } = await import(pathToFileURL(bundle).href);
  const files = readdirSync(join(root, 'packages/model-mini/model'));
  expect([...(await modelMini.list())].sort()).toEqual(files.sort());
  for (const name of files) {
    const bytes = await modelMini.read(name);
    expect(Buffer.from(bytes).equals(readFileSync(join(root, 'packages/model-mini/model', name))), name).toBe(true);
  }
}

describe('the shipped model, bundled for a page without a setting,', () => {
  it('is whole in one file of esbuild', async () => {
    const outfile = join(folder, 'one.mjs');
    await build({ entryPoints: [program], outfile, bundle: true, minify: true, format: 'esm', platform: 'browser' });
    await expectModelIn(outfile);
  });

  it('is a chunk of its own where esbuild splits', async () => {
    const outdir = join(folder, 'split');
    const options = { bundle: true, minify: true, format: 'esm', platform: 'browser', splitting: true } as const;
    await build({ entryPoints: [program], outdir, outExtension: { '.js': '.mjs' }, ...options });
    await expectModelIn(join(outdir, 'program.mjs'));
    expect(readFileSync(join(outdir, 'program.mjs')).length).toBeLessThan(10_000);
  });

  it('is a chunk of its own with Rollup', async () => {
    const dir = join(folder, 'rollup');
    const bundle = await rollup({ input: program });
    await bundle.write({ dir, format: 'esm', entryFileNames: '[name].mjs', chunkFileNames: '[name].mjs' });
    await bundle.close();
    await expectModelIn(join(dir, 'program.mjs'));
    expect(readFileSync(join(dir, 'program.mjs')).length).toBeLessThan(10_000);
  });
});
