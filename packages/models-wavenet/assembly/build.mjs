// Compiles the sampler in this folder and writes it, as text, into src/sampler/kernels.generated.ts: npm run build:kernels
import { writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { main } from 'assemblyscript/asc';

const root = fileURLToPath(new URL('..', import.meta.url));

/** One module for a memory of its own, one for a memory that several threads share. */
async function compile(...flags) {
  let binary;
  const { error, stderr } = await main(
    ['assembly/index.ts', '--outFile', 'kernels.wasm', '--optimizeLevel', '3', '--noAssert', '--runtime', 'stub'].concat([
      '--importMemory',
      '--noExportMemory',
      '--enable',
      'simd',
      // Nothing lies in the first 1,024 bytes: sums of an address and a constant become offsets of loads.
      '--lowMemoryUnused',
      '--baseDir',
      root,
      ...flags,
    ]),
    { writeFile: (_, contents) => void (binary = contents) },
  );
  if (error) throw new Error(`${error.message}\n${stderr.toString()}`);
  return Buffer.from(binary).toString('base64');
}

export async function generate() {
  const shared = await compile('--enable', 'threads', '--sharedMemory', '--initialMemory', '1', '--maximumMemory', '65536');
  return [
    '// Compiled from assembly/ by assembly/build.mjs. Do not edit: npm run build:kernels',
    `export const plainKernels: string =\n  '${await compile()}';`,
    `export const sharedKernels: string =\n  '${shared}';`,
    '',
  ].join('\n');
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  writeFileSync(`${root}src/sampler/kernels.generated.ts`, await generate());
}
