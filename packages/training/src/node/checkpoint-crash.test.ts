import { spawn } from 'node:child_process';
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect, it } from 'vitest';
import { randomStream } from '../index.js';

const script = fileURLToPath(new URL('../../test/support/training-child.ts', import.meta.url));

/** Runs the training child; kills it without warning `life` milliseconds after its first entry in the journal. */
function run(directory: string, journal: string, lastStep: number, life?: number): Promise<{ output: string; killed: boolean }> {
  return new Promise((resolve, reject) => {
    const child = spawn(process.execPath, ['--import', 'tsx', script, directory, String(lastStep), journal], {
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    let output = '';
    let errors = '';
    child.stdout.on('data', (chunk: Buffer) => (output += chunk.toString()));
    child.stderr.on('data', (chunk: Buffer) => (errors += chunk.toString()));
    const before = readFileSync(journal, 'utf8').length;
    const watch = setInterval(() => {
      if (life === undefined || readFileSync(journal, 'utf8').length === before) return;
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

it('a run killed without warning again and again, during saves as well, ends in the weights of one never killed', async () => {
  const root = mkdtempSync(join(tmpdir(), 'gansynth-crash-'));
  try {
    const journal = join(root, 'journal');
    writeFileSync(journal, '');
    const lastStep = 60;
    const { output: expected } = await run(join(root, 'whole'), journal, lastStep);
    writeFileSync(journal, '');
    const directory = join(root, 'killed');
    const lives = randomStream(1, 'lives').uniformValues(5);
    for (const life of lives) await run(directory, journal, lastStep, 15 * life);
    const { output } = await run(directory, journal, lastStep);
    expect(output).toBe(expected);

    // Every start found the last checkpoint whose save had ended, or one whose save was just ending.
    let saved = 0;
    let restarts = 0;
    for (const line of readFileSync(journal, 'utf8').trimEnd().split('\n')) {
      const [first, second] = line.split(' ');
      if (first === 'saved') saved = Number(second);
      else {
        restarts++;
        expect(Number(first) - saved).toBeGreaterThanOrEqual(0);
        expect(Number(first) - saved).toBeLessThanOrEqual(1);
        expect(second).toBe('0');
        saved = Number(first);
      }
    }
    expect(restarts).toBeGreaterThanOrEqual(4);
    expect(readdirSync(directory).filter((name) => !name.startsWith('.tmp'))).toHaveLength(2);
  } finally {
    rmSync(root, { recursive: true, force: true });
  }
});
