import { isTemporaryName } from '@gansynth/common/node';
import { existsSync, readdirSync, renameSync, rmSync } from 'node:fs';
import { basename, join } from 'node:path';

/** `.model.<uuid>`: a model being written. `.model.<uuid>.old`: the one before, being replaced. */
const published = /^\.model\.[0-9a-f-]{36}(\.old)?$/;
/** Half a file, from before version 0.2. */
const halfFile = /\.\d+\.\d+\.tmp$/;

/**
 * Clears away what a process that was killed while it saved has left in a run's folder. If it was killed between taking the old model away
 * and putting the new one in its place, the newer of the two that is whole is put there. Call it with the run locked.
 */
export function sweep(folder: string): void {
  const names = readdirSync(folder);
  const left = names.filter((name) => published.test(name)).sort((a, b) => a.length - b.length);
  if (!names.includes('model')) {
    // The manifest is written last: where it is, all is.
    const whole = left.find((name) => existsSync(join(folder, name, 'gansynth.json')));
    if (whole !== undefined) renameSync(join(folder, whole), join(folder, 'model'));
  }
  for (const name of left) rmSync(join(folder, name), { recursive: true, force: true });
  for (const name of readdirSync(folder, { recursive: true, encoding: 'utf8' })) {
    if (isTemporaryName(basename(name)) || halfFile.test(name)) rmSync(join(folder, name), { recursive: true, force: true });
  }
}
