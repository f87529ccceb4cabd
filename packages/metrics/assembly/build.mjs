// Compiles the kernels in this folder and writes them, as text, into src/numeric/linear/kernels.generated.ts: npm run build:kernels
import { writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { main } from 'assemblyscript/asc';

const root = fileURLToPath(new URL('..', import.meta.url));

export async function generate() {
  let binary;
  const { error, stderr } = await main(
    ['assembly/index.ts', '--outFile', 'kernels.wasm', '--optimizeLevel', '3', '--noAssert', '--runtime', 'stub'].concat([
      '--importMemory',
      '--noExportMemory',
      '--enable',
      'simd',
      '--baseDir',
      root,
    ]),
    { writeFile: (_, contents) => void (binary = contents) },
  );
  if (error) throw new Error(`${error.message}\n${stderr.toString()}`);
  return [
    '// Compiled from assembly/ by assembly/build.mjs. Do not edit: npm run build:kernels',
    `export const kernels: string =\n  '${Buffer.from(binary).toString('base64')}';`,
    '',
  ].join('\n');
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  writeFileSync(`${root}src/numeric/linear/kernels.generated.ts`, await generate());
}
