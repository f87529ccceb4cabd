import { execFileSync, spawn, type ChildProcess } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, readdirSync, renameSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll } from 'vitest';

const root = fileURLToPath(new URL('../../', import.meta.url));

/**
 * This package as npm would publish it, unpacked below node_modules, where it finds its dependencies and nothing else of the checkout;
 * once for each build.
 *
 * @returns path of the program; GANSYNTH_CLI_PROGRAM names another one to be tested, an installed one for instance
 */
function packedProgram(): string {
  const named = process.env['GANSYNTH_CLI_PROGRAM'];
  if (named) return named;
  const built = join(root, 'dist', 'main.js');
  if (!existsSync(built))
    throw new Error('test-support: packages/cli is not built. Run: npx turbo run build --filter=@gansynth/cli');
  const cache = join(root, 'node_modules', '.cache');
  const folder = join(cache, `packed-${statSync(built).mtimeMs}`);
  const program = join(folder, 'package', 'dist', 'main.js');
  if (existsSync(program)) return program;
  mkdirSync(cache, { recursive: true });
  const work = mkdtempSync(join(cache, 'packing-'));
  const name = execFileSync('npm', ['pack', '--silent', '--pack-destination', work], { cwd: root, encoding: 'utf8' }).trim();
  execFileSync('tar', ['-xzf', join(work, name.split('\n').at(-1)!), '-C', work]);
  const before = readdirSync(cache).filter((entry) => entry.startsWith('packed-'));
  try {
    renameSync(work, folder);
  } catch {
    // Another test file was first.
    rmSync(work, { recursive: true, force: true });
    return program;
  }
  for (const old of before) rmSync(join(cache, old), { recursive: true, force: true });
  return program;
}

export interface Finished {
  readonly status: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

export interface Started {
  readonly child: ChildProcess;
  readonly finished: Promise<Finished>;
}

const folders: string[] = [];
afterAll(() => {
  for (const folder of folders.splice(0)) rmSync(folder, { recursive: true, force: true, maxRetries: 3 });
});

/** A folder of its own for a test, removed after its file's last one. */
export function scratch(): string {
  const folder = mkdtempSync(join(tmpdir(), 'gansynth-cli-'));
  folders.push(folder);
  return folder;
}

/** Starts the packed program as a user would; `limit` is a command of the shell that limits it, as `ulimit -f 0`. */
export function start(
  words: readonly string[],
  { cwd = scratch(), env = {}, limit }: { cwd?: string; env?: NodeJS.ProcessEnv; limit?: string } = {},
): Started {
  const node = [process.execPath, packedProgram(), ...words];
  const [command, ...parameters] = limit === undefined ? node : ['sh', '-c', `${limit} && exec "$@"`, 'sh', ...node];
  const child = spawn(command!, parameters, {
    cwd,
    // The fast backend of a developer's machine must not change what is tested.
    env: { ...process.env, GANSYNTH_BACKEND: 'wasm', GANSYNTH_TFJS_NODE: '', XDG_CACHE_HOME: join(cwd, '.cache'), ...env },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let [stdout, stderr] = ['', ''];
  child.stdout.setEncoding('utf8').on('data', (text: string) => (stdout += text));
  child.stderr.setEncoding('utf8').on('data', (text: string) => (stderr += text));
  const finished = new Promise<Finished>((resolve, reject) => {
    child.on('error', reject);
    child.on('close', (status) => resolve({ status, stdout, stderr }));
  });
  return { child, finished };
}

/** Runs the packed program to its end. */
export const gansynth = (words: readonly string[], options?: Parameters<typeof start>[1]): Promise<Finished> =>
  start(words, options).finished;
