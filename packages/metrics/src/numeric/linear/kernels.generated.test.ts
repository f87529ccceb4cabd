import { readFileSync } from 'node:fs';
import { expect, it } from 'vitest';

it('the compiled kernels are those of the sources in assembly/ (else: npm run build:kernels), small enough for a page to compile at once', async () => {
  const { generate } = (await import(/* @vite-ignore */ new URL('../../../assembly/build.mjs', import.meta.url).href)) as {
    generate(): Promise<string>;
  };
  const file = readFileSync(new URL('kernels.generated.ts', import.meta.url), 'utf8');
  expect(file).toBe(await generate());
  expect(Buffer.from(/'([^']+)'/.exec(file)?.[1] ?? '', 'base64').length).toBeLessThan(4096);
});
