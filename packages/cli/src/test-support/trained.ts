import { cpSync, existsSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { gansynth, scratch } from './packed.js';

/** The notes that ship with the package, copied to where an index may be written beside them. */
export function demoNotes(folder: string): string {
  const to = join(folder, 'notes');
  if (!existsSync(to)) cpSync(fileURLToPath(new URL('../../demo-notes', import.meta.url)), to, { recursive: true });
  return to;
}

/** A folder in which the smallest recipe has been trained, for commands that need a model. */
export async function trainedFolder(): Promise<string> {
  const folder = scratch();
  demoNotes(folder);
  const { status, stderr } = await gansynth(['train', 'mini/smoke', '--data', 'notes', '--images', '24', '-q'], { cwd: folder });
  if (status !== 0) throw new Error(`test-support: training failed: ${stderr}`);
  return folder;
}

/** What a command prints with the model of {@link trainedFolder}. @throws Error if it fails or warns */
export async function withSmoke(cwd: string, ...words: string[]): Promise<{ files: string[] } & Record<string, unknown>> {
  const { status, stdout, stderr } = await gansynth([...words, '--model', 'smoke', '--json', '-q'], { cwd });
  if (status !== 0 || stderr !== '')
    throw new Error(`expected gansynth ${words.join(' ')} to succeed, found ${status}: ${stderr}`);
  return JSON.parse(stdout) as { files: string[] };
}
