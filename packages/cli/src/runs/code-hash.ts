import { createHash } from 'node:crypto';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { basename, dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { packageRoot } from '../app/package-root.js';

/** The folder of this package's code that runs: dist, or src where nothing is built. */
function ownCode(): string {
  let folder = dirname(fileURLToPath(import.meta.url));
  while (!['dist', 'src'].includes(basename(folder)) && folder !== dirname(folder)) folder = dirname(folder);
  return folder;
}

/** Where each of this project's packages that this one uses has its code. */
export function usedCode(): string[] {
  const root = packageRoot();
  const { dependencies } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')) as {
    dependencies: Readonly<Record<string, string>>;
  };
  const require = createRequire(join(root, 'package.json'));
  return Object.keys(dependencies)
    .filter((name) => name.startsWith('@gansynth/'))
    .sort()
    .map((name) => join(dirname(require.resolve(`${name}/package.json`)), 'dist'));
}

const codeIn = (folder: string): string[] =>
  existsSync(folder)
    ? readdirSync(folder, { recursive: true, encoding: 'utf8' })
        .filter((name) => /\.(?:js|wasm|ts)$/.test(name) && !name.endsWith('.d.ts'))
        .sort()
    : [];

/** Short hash of the code in some folders: of the files' names there and of what they hold. */
export function hashOfCode(folders: readonly string[]): string {
  const hash = createHash('sha256');
  for (const folder of folders)
    for (const name of codeIn(folder)) {
      const content = readFileSync(join(folder, name));
      hash.update(`${name}\n${content.length}\n`).update(content);
    }
  return hash.digest('hex').slice(0, 12);
}

let known: string | undefined;

/** Of the code of this program and of the packages it is made of: a version says which release it is, this which state of it. */
export const codeHash = (): string => (known ??= hashOfCode([ownCode(), ...usedCode()]));
