import { execFileSync } from 'node:child_process';
import { existsSync, readdirSync } from 'node:fs';
import { resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { playwright } from '@vitest/browser-playwright';
import { defineConfig } from 'vitest/config';

const root = fileURLToPath(new URL('.', import.meta.url));
const packages = readdirSync(`${root}packages`);

/** Tests import the packages by their published names and get their sources, so no build is needed between edit and test. */
const sources = packages.flatMap((name) => [
  { find: new RegExp(`^@gansynth/${name}$`), replacement: `${root}packages/${name}/src/index.ts` },
  { find: new RegExp(`^@gansynth/${name}/([\\w-]+)$`), replacement: `${root}packages/${name}/src/$1.ts` },
]);
const testKit = (entry: string) => ({ find: /^@gansynth\/test-kit$/, replacement: `${root}tools/test-kit/src/${entry}.ts` });
const inNode = { alias: [testKit('index'), ...sources] };
const inBrowser = { alias: [testKit('browser'), ...sources] };

/** The system's own Chromium, where there is one; otherwise whatever playwright finds. */
function chromium(): string | undefined {
  try {
    return execFileSync('sh', ['-c', 'command -v chromium || command -v google-chrome'], { encoding: 'utf8' }).trim();
  } catch {
    return undefined;
  }
}

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

const common = { testTimeout: 60_000, hookTimeout: 60_000, pool: 'forks' as const };

/** Reference material that may lie beside the checkout: browsers get it from the test server, or skip what needs it. */
const referenceData = resolve(process.env['GANSYNTH_REFERENCE_DATA'] ?? `${root}../shared`);
const hasReferenceData = existsSync(referenceData);

const tensors = ['core', 'layers', 'backend-webgl', 'backend-webgpu'].map((name) => `@tensorflow/tfjs-${name}`);

export default defineConfig({
  test: {
    projects: [
      ...packages.map((name) => ({
        resolve: inNode,
        test: {
          ...common,
          name,
          root: `${root}packages/${name}`,
          include: ['{src,test}/**/*.test.ts'],
          exclude: ['**/*.browser.test.ts'],
        },
      })),
      ...packages.map((name) => ({
        resolve: inBrowser,
        optimizeDeps: { include: tensors },
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
            screenshotFailures: false,
            provider: playwright({ launchOptions: { args: launch, executablePath: chromium() } }),
            instances: [{ browser: 'chromium' as const }],
          },
        },
      })),
      {
        // Drives a browser from Node, over the built packages, as a user's page would be.
        test: {
          ...common,
          name: 'examples-browser',
          root: `${root}examples`,
          include: ['**/*.e2e.test.ts'],
          provide: { chromium: chromium() ?? '' },
        },
      },
      {
        resolve: inNode,
        test: {
          ...common,
          name: 'failing-inputs',
          root: `${root}tools/failing-inputs`,
          include: ['src/**/*.test.ts'],
          // A row runs the command several times.
          testTimeout: 300_000,
        },
      },
      {
        resolve: inNode,
        test: { ...common, name: 'gates', root: `${root}tools/gates`, include: ['src/**/*.test.ts'], testTimeout: 600_000 },
      },
    ],
  },
});
