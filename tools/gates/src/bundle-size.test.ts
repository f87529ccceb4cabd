import { build } from 'esbuild';
import { expect, it } from 'vitest';
import { root } from './workspace.js';

/** Sub-paths for those who want one thing: what a page's bundler makes of an import of it, minified, and the most it may weigh. */
const light: readonly (readonly [name: string, from: string, kilobytes: number])[] = [
  ['trackPitch', '@gansynth/metrics/note', 12],
  ['noteQuality', '@gansynth/metrics/note', 16],
  ['measurePitch', '@gansynth/common/pitch', 10],
];

it.each(light)('%s of %s comes without tfjs, in %i kB', async (name, from, kilobytes) => {
  const { outputFiles, metafile } = await build({
    stdin: { contents: `export { ${name} } from '${from}';`, resolveDir: `${root}tools/gates` },
    bundle: true,
    minify: true,
    write: false,
    metafile: true,
    format: 'esm',
    platform: 'browser',
    logLevel: 'silent',
  });
  expect(Object.keys(metafile.inputs).filter((input) => input.includes('@tensorflow'))).toEqual([]);
  expect(outputFiles[0]?.contents.length).toBeLessThan(1000 * kilobytes);
});
