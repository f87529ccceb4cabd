import { existsSync } from 'node:fs';
import { resolve } from 'node:path';
import { playwright } from '@vitest/browser-playwright';
import { defineConfig } from 'vitest/config';
import { findChromium } from './tools/test-kit/chromium.mjs';
import { common, packages, reporters, resolveWith, root } from './vitest.shared.ts';

/** Software GPU: results are what counts, not speed. */
const launch = [
  '--no-sandbox',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
  '--use-angle=swiftshader',
  '--enable-unsafe-swiftshader',
  '--enable-unsafe-webgpu',
  '--use-webgpu-adapter=swiftshader',
];

const chromium = findChromium();

/** Genuine NSynth recordings that may lie beside the checkout: browsers get them from the test server, or skip what needs them. */
const referenceData = resolve(process.env['GANSYNTH_REFERENCE_DATA'] || `${root}../shared`);
const hasReferenceData = existsSync(`${referenceData}/data/nsynth-genuine/examples.json`);

const tensors = ['core', 'layers', 'backend-webgl', 'backend-webgpu'].map((name) => `@tensorflow/tfjs-${name}`);

/** Everything that needs a browser. */
export default defineConfig({
  test: {
    reporters,
    projects: [
      ...packages.map((name) => ({
        resolve: resolveWith('browser'),
        optimizeDeps: { include: [...tensors, 'fflate'] },
        server: { fs: { allow: hasReferenceData ? [root, referenceData] : [root] } },
        test: {
          ...common,
          name: `${name}-browser`,
          env: { GANSYNTH_REFERENCE_DATA: hasReferenceData ? referenceData : '' },
          root: `${root}packages/${name}`,
          include: ['{src,test}/**/*.browser.test.ts'],
          browser: {
            enabled: true,
            headless: true,
            // All pages are bundled at once where nothing is cached yet.
            connectTimeout: 600_000,
            screenshotFailures: false,
            provider: playwright({ launchOptions: { args: launch, executablePath: chromium } }),
            instances: [{ browser: 'chromium' as const }],
          },
        },
      })),
      {
        // Drives a browser from Node, over pages that the command makes.
        resolve: resolveWith('index'),
        test: {
          ...common,
          name: 'cli-pages',
          root: `${root}packages/cli`,
          include: ['src/**/*.e2e.test.ts'],
          provide: { chromium: chromium ?? '' },
        },
      },
      {
        // Drives a browser from Node, over the built packages, as a user's page would be.
        test: {
          ...common,
          name: 'examples-browser',
          root: `${root}examples`,
          include: ['**/*.e2e.test.ts'],
          provide: { chromium: chromium ?? '' },
        },
      },
    ],
  },
});
