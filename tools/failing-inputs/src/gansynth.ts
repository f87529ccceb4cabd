import { spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

const built = fileURLToPath(new URL('../../../packages/cli/dist/main.js', import.meta.url));

export interface Finished {
  readonly status: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

/** Runs the built command to its end. GANSYNTH_CLI_PROGRAM names another one, an installed one for instance. */
export function gansynth(words: readonly string[], cwd: string): Promise<Finished> {
  const program = process.env['GANSYNTH_CLI_PROGRAM'] || built;
  if (!existsSync(program)) throw new Error(`failing-inputs: ${program} is not built. Run: npx turbo run build`);
  const child = spawn(process.execPath, [program, ...words], {
    cwd,
    env: { ...process.env, GANSYNTH_BACKEND: 'wasm', GANSYNTH_TFJS_NODE: '', XDG_CACHE_HOME: join(cwd, '.cache') },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let [stdout, stderr] = ['', ''];
  child.stdout.setEncoding('utf8').on('data', (text: string) => (stdout += text));
  child.stderr.setEncoding('utf8').on('data', (text: string) => (stderr += text));
  return new Promise((resolve, reject) => {
    child.on('error', reject);
    child.on('close', (status) => resolve({ status, stdout, stderr }));
  });
}
