import { readFileSync } from 'node:fs';

/** This package's own version, read from its manifest (one folder above both src and dist). */
export function packageVersion(): string {
  for (const up of ['../package.json', '../../package.json']) {
    try {
      const manifest = JSON.parse(readFileSync(new URL(up, import.meta.url), 'utf8')) as { name?: string; version?: string };
      if (manifest.name === '@gansynth/cli' && manifest.version !== undefined) return manifest.version;
    } catch {
      continue;
    }
  }
  return '0.0.0';
}
