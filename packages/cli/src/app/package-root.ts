import { existsSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

/** The folder of this package: recipes lie in it. One level above dist, two above a source file. */
export function packageRoot(): string {
  let folder = dirname(fileURLToPath(import.meta.url));
  while (!existsSync(join(folder, 'recipes', 'paper'))) {
    const above = dirname(folder);
    if (above === folder) throw new Error('cli: the recipes that belong to this package are missing. Reinstall @gansynth/cli.');
    folder = above;
  }
  return folder;
}
