import { readdirSync } from 'node:fs';

// npm run bench            every benchmark
// npm run bench -- NAME    those whose file is called NAME.bench.ts
const names = process.argv.slice(2);
const known = readdirSync(new URL('.', import.meta.url))
  .filter((file) => file.endsWith('.bench.js'))
  .map((file) => file.replace('.bench.js', ''))
  .sort();
for (const name of names.length > 0 ? names : known) {
  if (!known.includes(name)) {
    console.error(`bench: no benchmark "${name}". There are: ${known.join(', ')}`);
    process.exitCode = 1;
    break;
  }
  console.log(`\n# ${name}`);
  const { default: run } = (await import(new URL(`${name}.bench.js`, import.meta.url).href)) as { default: () => Promise<void> };
  await run();
}
