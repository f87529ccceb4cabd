import { spawn } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { randomStream } from '@gansynth/training';
import { expect, test } from 'vitest';

const path = (relative: string): string => fileURLToPath(new URL(relative, import.meta.url));

// GANSYNTH_KILLS=50 for the long version.
const kills = Number(process.env['GANSYNTH_KILLS'] ?? 2);

/** Runs the training child, and kills it without warning `life` milliseconds after it has started to train. */
function run(directory: string, journal: string, life?: number): Promise<{ output: string; killed: boolean }> {
  return new Promise((resolve, reject) => {
    const child = spawn(process.execPath, ['--import', 'tsx', path('../test-support/training-child.ts'), directory, journal], {
      stdio: ['ignore', 'pipe', 'pipe'],
      env: { ...process.env, TSX_TSCONFIG_PATH: path('../../tsconfig.json') },
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

test(
  'a training killed without warning again and again, during saves as well, ends in the weights of one never killed',
  async () => {
    const root = mkdtempSync(join(tmpdir(), 'gansynth-crash-'));
    try {
      const journal = join(root, 'journal');
      writeFileSync(journal, '');
      const began = Date.now();
      const { output: expected } = await run(join(root, 'whole'), journal);
      const wholeTime = Date.now() - began;
      expect(expected).toMatch(/^[0-9a-f]{64}$/);

      let killed = 0;
      let round = 0;
      const lives = randomStream(1, 'lives');
      while (killed < kills) {
        // Trainings that end before they are killed only prove the same thing again; every round is a training of its own.
        const directory = join(root, `killed-${round++}`);
        writeFileSync(journal, '');
        for (let last = false; !last;) {
          const life = (wholeTime / 3) * (lives.uniformValues(1)[0] as number);
          const end = killed < kills ? await run(directory, journal, life) : await run(directory, journal);
          if (end.killed) killed++;
          else {
            expect(end.output).toBe(expected);
            last = true;
          }
        }
        expectNoStepLost(readFileSync(journal, 'utf8'));
      }
    } finally {
      rmSync(root, { recursive: true, force: true });
    }
  },
  30_000 * Math.max(kills, 4),
);

/** Every start found the last checkpoint whose save had ended, or the one that was just being saved; and none was damaged. */
function expectNoStepLost(journal: string): void {
  let saved = 0;
  for (const line of journal.trimEnd().split('\n')) {
    const [word, step, refusals] = line.split(' ');
    if (word === 'saved') saved = Number(step);
    else {
      expect(Number(step) - saved).toBeGreaterThanOrEqual(0);
      expect(Number(step) - saved).toBeLessThanOrEqual(1);
      expect(refusals).toBe('0');
      saved = Number(step);
    }
  }
}
