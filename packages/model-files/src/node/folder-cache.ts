import { replaceFile } from '@gansynth/common/node';
import { createHash } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { homedir } from 'node:os';
import { join } from 'node:path';
import { env, platform } from 'node:process';
import type { FileCache } from '../files/file-cache.js';

/** Where programs of this user keep what can be fetched again: `$XDG_CACHE_HOME`, `~/.cache`, or what the system has for it. */
export function userCacheFolder(name = 'gansynth'): string {
  const local = platform === 'win32' ? env['LOCALAPPDATA'] : undefined;
  const usual = platform === 'darwin' ? join(homedir(), 'Library', 'Caches') : join(homedir(), '.cache');
  return join(env['XDG_CACHE_HOME'] || local || usual, name);
}

/** Copies in a folder of this machine, which several processes may share. Delete it at any time. */
export function folderCache(folder: string = userCacheFolder()): FileCache {
  const pathOf = (name: string): string => {
    const words = name.replace(/[^\w.-]+/g, '-').slice(-40);
    return join(folder, `${createHash('sha256').update(name).digest('hex').slice(0, 32)}-${words}`);
  };
  return {
    read: async (name) => {
      try {
        return new Uint8Array(await readFile(pathOf(name)));
      } catch {
        return undefined;
      }
    },
    write: (name, bytes) => replaceFile(pathOf(name), bytes),
  };
}
