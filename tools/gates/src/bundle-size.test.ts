import { gzipSync } from 'node:zlib';
import { build } from 'esbuild';
import { expect, it } from 'vitest';
import { root } from './workspace.js';

/** Sub-paths for those who want one thing: the most that a page's bundler may make of an import of it, minified and compressed. */
const light: readonly (readonly [name: string, from: string, kilobytes: number])[] = [
  ['trackPitch', '@gansynth/metrics/note', 5],
  ['noteQuality', '@gansynth/metrics/note', 7],
  ['measurePitch', '@gansynth/common/pitch', 4],
  ['randomStream', '@gansynth/common/random', 3],
  ['slerp', '@gansynth/models-gan/latents', 2],
  ['drawLatents', '@gansynth/models-gan/latents', 4],
  ['*', '@gansynth/models-gan/latents', 4],
];

it.each(light)('%s of %s comes without tfjs, in %i kB compressed', async (name, from, kilobytes) => {
  const { outputFiles, metafile } = await build({
    stdin: { contents: `export ${name === '*' ? name : `{ ${name} }`} from '${from}';`, resolveDir: `${root}tools/gates` },
    bundle: true,
    minify: true,
    write: false,
    metafile: true,
    format: 'esm',
    platform: 'browser',
    logLevel: 'silent',
  });
  expect(Object.keys(metafile.inputs).filter((input) => input.includes('@tensorflow'))).toEqual([]);
  const [bundle] = outputFiles;
  expect(bundle && gzipSync(bundle.contents).length).toBeLessThan(1000 * kilobytes);
});
