import { mkdirSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { gansynth, scratch } from '../test-support/packed.js';

/** Packages other than this one that a command line loads modules of. */
async function packagesLoaded(words: readonly string[]): Promise<string[]> {
  const coverage = join(scratch(), 'coverage');
  mkdirSync(coverage);
  // V8 writes down every script it has run.
  const { status, stderr } = await gansynth(words, { env: { NODE_V8_COVERAGE: coverage } });
  expect({ status, stderr }).toEqual({ status: 0, stderr: '' });
  const urls = readdirSync(coverage).flatMap((name) => {
    const { result } = JSON.parse(readFileSync(join(coverage, name), 'utf8')) as { result: { url: string }[] };
    return result.map(({ url }) => url).filter((url) => url.startsWith('file:'));
  });
  expect(urls.some((url) => url.endsWith('dist/main.js'))).toBe(true);
  const packages = urls.flatMap((url) => {
    const installed = /.*\/node_modules\/((?:@[^/]+\/)?[^/.][^/]*)/.exec(url)?.[1];
    const linked = /\/packages\/([^/]+)\/dist\//.exec(url)?.[1];
    return installed ?? (linked === undefined || linked === 'cli' ? [] : `@gansynth/${linked}`);
  });
  return [...new Set(packages)].sort();
}

/** The parser of options, and our errors. */
const light = new Set(['commander', '@gansynth/common']);

describe('the program', () => {
  it.each([['--version'], ['--help'], ['generate --help'], ['completion bash'], ['data --help']])(
    'loads nothing but its parser of options for %s',
    async (line) => {
      expect((await packagesLoaded(line.split(' '))).filter((name) => !light.has(name))).toEqual([]);
    },
  );

  it('loads no tensors to show a recipe', async () => {
    expect(
      (await packagesLoaded(['recipes', 'show', 'mini/if-mel', '-q'])).filter((name) => name.includes('tensorflow')),
    ).toEqual([]);
  });

  it('loads tensors where it computes', async () => {
    expect(await packagesLoaded(['doctor', '--probe', 'cpu'])).toContain('@tensorflow/tfjs-core');
  });
});
