import { homedir } from 'node:os';
import { join } from 'node:path';

/** Where `gansynth setup tensorflow` puts the addon it builds, and where the loader looks for it. */
export function setupFolder(environment: NodeJS.ProcessEnv = process.env): string {
  const cache = environment['XDG_CACHE_HOME'] || join(homedir(), '.cache');
  return join(cache, 'gansynth', 'tensorflow');
}
