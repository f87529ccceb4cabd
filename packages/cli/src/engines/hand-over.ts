import { systemCodeOf } from '@gansynth/common/errors';
import { spawn } from 'node:child_process';
import { mkdirSync } from 'node:fs';
import { EnvironmentError } from '../app/errors.js';
import type { EngineName, Site, Stages } from './job.js';

/** What an engine is given, and what it has answered. */
export interface Submission {
  readonly engine: EngineName;
  /** A script or manifest. */
  readonly text: string;
  /** What the engine has answered: ids of jobs. Undefined where nothing was handed over. */
  readonly answer?: string;
}

/** What takes the text. */
interface Receiver {
  readonly program: string;
  readonly words: readonly string[];
  /** What it reads. */
  readonly input: string;
  /** What must be on this machine. */
  readonly needs: string;
  /** It works here, and is not done before the work is. */
  readonly works: boolean;
}

function receiver(engine: EngineName, stages: Stages, text: string): Receiver {
  const script = { program: 'bash', words: ['-c', text], input: '' };
  if (engine === 'kubernetes')
    return { program: 'kubectl', words: ['create', '-f', '-'], input: text, needs: 'kubectl', works: false };
  if (engine === 'parallel') return { ...script, needs: 'parallel', works: true };
  if (stages.length > 1) return { ...script, needs: 'sbatch', works: false };
  return { program: 'sbatch', words: ['--parsable'], input: text, needs: 'sbatch', works: false };
}

/** Writes the script or manifest. */
async function textFor(stages: Stages, site: Site): Promise<string> {
  if (site.engine === 'slurm') return (await import('./slurm.js')).forSlurm(stages, site);
  if (site.engine === 'parallel') return (await import('./parallel.js')).forParallel(stages, site);
  return (await import('./kubernetes.js')).forKubernetes(stages, site);
}

export interface SubmitOptions {
  /** Hand it over. */
  readonly go: boolean;
  /** Asks what works here to stop. */
  readonly signal: AbortSignal;
}

/**
 * Writes jobs for an engine, and hands them to it if that is wanted.
 *
 * @throws EnvironmentError where the engine is not on this machine, or refuses them
 */
export async function submit(stages: Stages, site: Site, { go, signal }: SubmitOptions): Promise<Submission> {
  const { engine, logs } = site;
  const text = await textFor(stages, site);
  if (!go) return { engine, text };
  const to = receiver(engine, stages, text);
  await checkIsThere(to.needs);
  if (engine !== 'kubernetes') mkdirSync(logs, { recursive: true });
  return { engine, text, answer: (await run(to, signal)).trim() };
}

async function checkIsThere(program: string): Promise<void> {
  const code = await new Promise<string | undefined>((resolve) => {
    const child = spawn(program, ['--version'], { stdio: 'ignore' });
    child.on('error', (error) => resolve(systemCodeOf(error) ?? 'unknown'));
    child.on('close', () => resolve(undefined));
  });
  if (code === undefined) return;
  throw new EnvironmentError(
    `expected ${program} on this machine, found none (${code}). Without --go it is printed, to be handed over where ${program} is.`,
    program,
  );
}

/**
 * Runs what takes the text.
 *
 * @returns what it says; of what works here nothing, for that goes to stderr as it comes
 * @throws the signal's reason where it was asked to stop before
 */
function run({ program, words, input, works }: Receiver, signal: AbortSignal): Promise<string> {
  signal.throwIfAborted();
  return new Promise((resolve, reject) => {
    // In a group of its own, so that a request to stop reaches each process once.
    const child = spawn(program, words, { stdio: ['pipe', works ? 2 : 'pipe', 2], detached: works });
    const stop = (): void => {
      if (works && child.pid !== undefined) process.kill(-child.pid, 'SIGTERM');
    };
    signal.addEventListener('abort', stop);
    let said = '';
    child.stdout?.setEncoding('utf8').on('data', (part: string) => (said += part));
    child.on('error', reject);
    child.on('close', (status, by) => {
      signal.removeEventListener('abort', stop);
      if (status === 0 || signal.aborted) return resolve(said);
      reject(
        new EnvironmentError(
          `expected ${program} to end well, found that it ended with ${status ?? by}. What it says stands above.`,
          status,
        ),
      );
    });
    // A program that has ended already says so by its status.
    child.stdin?.on('error', () => undefined);
    child.stdin?.end(input);
  });
}
