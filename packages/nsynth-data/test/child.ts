import { type ChildProcess, spawn } from 'node:child_process';
import { fileURLToPath } from 'node:url';

const from = fileURLToPath(new URL('..', import.meta.url));
const tsxWords = ['--import', 'tsx', '--input-type=module', '-e'];

/** Runs a program over the sources, imported as `./src/x.ts`, in a process of its own. */
export const runSource = (program: string, wrapper: readonly string[] = []): ChildProcess => {
  const [command = process.execPath, ...words] = [...wrapper, process.execPath, ...tsxWords, program];
  return spawn(command, words, { cwd: from, stdio: ['ignore', 'pipe', 'pipe'] });
};

/** What a process wrote, when it has ended. */
export async function outputOf(child: ChildProcess): Promise<{ status: number | null; stdout: string; stderr: string }> {
  let [stdout, stderr] = ['', ''];
  child.stdout?.setEncoding('utf8').on('data', (text: string) => (stdout += text));
  child.stderr?.setEncoding('utf8').on('data', (text: string) => (stderr += text));
  return new Promise((resolve, reject) => {
    child.on('error', reject);
    child.on('close', (status) => resolve({ status, stdout, stderr }));
  });
}
