import { readdirSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';

const packagesDirectory = fileURLToPath(new URL('../../../packages/', import.meta.url));

/** Who may import whom (ARCHITECTURE.md): nothing else is allowed. */
const allowed: Record<string, readonly string[]> = {
  common: [],
  spectral: ['common'],
  figures: ['common'],
  'nsynth-data': ['common'],
  training: ['common'],
  'model-files': ['common'],
  'models-gan': ['common', 'training', 'model-files'],
  'models-wavenet': ['common', 'training', 'model-files'],
  metrics: ['common', 'training'],
  voice: ['common', 'model-files', 'models-gan', 'models-wavenet', 'spectral', 'training'],
  cli: [
    'common',
    'figures',
    'voice',
    'spectral',
    'nsynth-data',
    'training',
    'model-files',
    'models-gan',
    'models-wavenet',
    'metrics',
    'model-mini',
  ],
  'model-mini': [],
};

const imports = (source: string): string[] =>
  [
    // import ... from 'x', export ... from 'x', import 'x'
    ...source.matchAll(/^\s*(?:import|export)\b(?:[^'"`;]*?\bfrom)?\s*['"]([^'"]+)['"]/gm),
    // import('x')
    ...source.matchAll(/\bimport\(\s*['"]([^'"]+)['"]/g),
  ].map((match) => match[1]!);

const shippedSources = (directory: string): string[] =>
  readdirSync(directory, { recursive: true, encoding: 'utf8' })
    .filter((file) => /\.(ts|js|mjs)$/.test(file) && !file.includes('.test.') && !file.includes('test-support/'))
    .map((file) => `${directory}/${file}`);

describe('layering', () => {
  it('maps the packages that are there, and no others', () => {
    expect(Object.keys(allowed).sort()).toEqual(readdirSync(packagesDirectory).sort());
  });

  for (const name of readdirSync(packagesDirectory)) {
    const directory = `${packagesDirectory}${name}`;
    const manifest = JSON.parse(readFileSync(`${directory}/package.json`, 'utf8')) as {
      dependencies?: Record<string, string>;
      peerDependencies?: Record<string, string>;
    };
    const declared = Object.keys({ ...manifest.dependencies, ...manifest.peerDependencies });

    it(`${name} declares no @gansynth package above it`, () => {
      const ours = declared.filter((dependency) => dependency.startsWith('@gansynth/')).map((dependency) => dependency.slice(10));
      expect(ours.filter((other) => !allowed[name]?.includes(other))).toEqual([]);
    });

    it(`${name} imports only what it declares, and no backend below cli`, () => {
      const wrong: string[] = [];
      for (const file of shippedSources(`${directory}/src`)) {
        for (const specifier of imports(readFileSync(file, 'utf8'))) {
          if (specifier.includes('test-support/')) wrong.push(`${file}: ${specifier}`);
          if (specifier.startsWith('.') || specifier.startsWith('node:')) continue;
          const dependency = specifier
            .split('/')
            .slice(0, specifier.startsWith('@') ? 2 : 1)
            .join('/');
          const isBackend = /^@tensorflow\/tfjs-(backend|node)/.test(dependency);
          if (!declared.includes(dependency) || (isBackend && !['cli', 'training'].includes(name)))
            wrong.push(`${file}: ${specifier}`);
        }
      }
      expect(wrong).toEqual([]);
    });

    it(`${name} takes tfjs as a peer unless it is an application`, () => {
      if (name === 'cli') return;
      const own = Object.keys(manifest.dependencies ?? {}).filter((dependency) => dependency.startsWith('@tensorflow/'));
      expect(own).toEqual([]);
    });
  }
});
