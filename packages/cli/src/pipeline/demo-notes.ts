import { cpSync, existsSync } from 'node:fs';
import { join } from 'node:path';
import { packageRoot } from '../app/package-root.js';

/** The shipped notes at a place where an index may be written beside them; copied where they are not there yet. */
export function copyDemoNotes(to: string): string {
  const list = 'examples.json';
  if (existsSync(join(to, list))) return to;
  const from = join(packageRoot(), 'demo-notes');
  cpSync(from, to, { recursive: true, filter: (path) => !path.endsWith(list) });
  // Last, so that a copy that was cut off is made again.
  cpSync(join(from, list), join(to, list));
  return to;
}
