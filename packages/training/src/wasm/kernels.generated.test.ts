import { readFileSync } from 'node:fs';
import { expect, it } from 'vitest';

it('the compiled kernels are those of the sources in assembly/ (else: npm run build:kernels)', async () => {
  const { generate } = (await import(/* @vite-ignore */ new URL('../../assembly/build.mjs', import.meta.url).href)) as {
    generate(): Promise<string>;
  };
  expect(readFileSync(new URL('kernels.generated.ts', import.meta.url), 'utf8')).toBe(await generate());
});
