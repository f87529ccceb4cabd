import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expectNoStepLost, killedRun } from '@gansynth/test-kit';
import { randomStream } from '@gansynth/common/random';
import { expect, test } from 'vitest';

const path = (relative: string): string => fileURLToPath(new URL(relative, import.meta.url));

// GANSYNTH_KILLS=50 for the long version.
const kills = Number(process.env['GANSYNTH_KILLS'] ?? 2);

/** Kills the training child without warning `life` milliseconds after its first save. */
const run = (directory: string, journal: string, life?: number): ReturnType<typeof killedRun> =>
  killedRun({
    script: path('../../test-support/training-child.ts'),
    directory,
    journal,
    tsconfig: path('../../../tsconfig.json'),
    ...(life === undefined ? {} : { life }),
  });

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
          const life = (wholeTime / 3) * lives.uniformValues(1)[0]!;
          const end = killed < kills ? await run(directory, journal, life) : await run(directory, journal);
          if (end.killed) killed++;
          else {
            expect(end.output).toBe(expected);
            last = true;
          }
        }
        expectNoStepLost(journal);
      }
    } finally {
      rmSync(root, { recursive: true, force: true });
    }
  },
  30_000 * Math.max(kills, 4),
);
