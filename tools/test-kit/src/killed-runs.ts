import { spawn } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { expect } from 'vitest';

export interface KilledRun {
  /** TypeScript, run by tsx. It resumes from `directory`, and writes "started STEP REFUSALS" and "saved STEP" to `journal`. */
  readonly script: string;
  readonly directory: string;
  readonly journal: string;
  /** Further arguments of the script. */
  readonly words?: readonly string[];
  /** Milliseconds after it has saved for the first time; default: it may live. */
  readonly life?: number;
  /** Whose paths lead to the packages' sources: it needs no build. */
  readonly tsconfig: string;
}

/** Runs a training as a process of its own, and kills it without warning. */
export function killedRun({
  script,
  directory,
  journal,
  words = [],
  life,
  tsconfig,
}: KilledRun): Promise<{ output: string; killed: boolean }> {
  return new Promise((resolve, reject) => {
    const child = spawn(process.execPath, ['--import', 'tsx', script, directory, journal, ...words], {
      stdio: ['ignore', 'pipe', 'pipe'],
      env: { ...process.env, TSX_TSCONFIG_PATH: tsconfig },
    });
    let output = '';
    let errors = '';
    child.stdout.on('data', (chunk: Buffer) => (output += chunk.toString()));
    child.stderr.on('data', (chunk: Buffer) => (errors += chunk.toString()));
    const before = readFileSync(journal, 'utf8').length;
    const watch = setInterval(() => {
      if (life === undefined || !readFileSync(journal, 'utf8').slice(before).includes('saved')) return;
      clearInterval(watch);
      setTimeout(() => child.kill('SIGKILL'), life);
    }, 2);
    child.on('close', (code, signal) => {
      clearInterval(watch);
      if (signal === 'SIGKILL') resolve({ output, killed: true });
      else if (code === 0) resolve({ output, killed: false });
      else reject(new Error(errors));
    });
  });
}

/**
 * Every start found the last checkpoint whose save had ended, or the one that was just being saved; and none was damaged.
 *
 * @returns starts that found a checkpoint
 */
export function expectNoStepLost(journal: string): number {
  let saved = 0;
  let resumed = 0;
  for (const line of readFileSync(journal, 'utf8').trimEnd().split('\n')) {
    const [word, step, refusals] = line.split(' ');
    if (word === 'started') {
      if (Number(step) > 0) resumed++;
      expect(Number(step) - saved).toBeGreaterThanOrEqual(0);
      expect(Number(step) - saved).toBeLessThanOrEqual(1);
      expect(refusals).toBe('0');
    }
    saved = Number(step);
  }
  return resumed;
}
