import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { randomStream } from '@gansynth/common/random';
import { expectNoStepLost, killedRun } from '@gansynth/test-kit';
import { expect, it } from 'vitest';

const path = (relative: string): string => fileURLToPath(new URL(relative, import.meta.url));

// GANSYNTH_KILLS=50 for the long version.
const kills = Number(process.env['GANSYNTH_KILLS'] ?? 2);
/** Milliseconds after its first save that a process lives: some steps. */
const longest = 150;

it.each(['autoencoder', 'pitch16'] as const)(
  'a training killed without warning again and again, during saves as well, ends in the weights of one never killed: %s',
  async (name) => {
    const root = mkdtempSync(join(tmpdir(), 'gansynth-crash-'));
    try {
      const journal = join(root, 'journal');
      const run = (directory: string, life?: number): ReturnType<typeof killedRun> =>
        killedRun({
          script: path('../test-support/training-child.ts'),
          directory: join(root, directory),
          journal,
          words: [name],
          tsconfig: path('../../tsconfig.json'),
          ...(life === undefined ? {} : { life }),
        });
      writeFileSync(journal, '');
      const { output: expected } = await run('whole');
      expect(expected).toMatch(/^[0-9a-f]{64}$/);

      const lives = randomStream(1, 'lives');
      let killed = 0;
      let resumed = 0;
      for (let round = 0; killed < kills; round++) {
        // One that ends before it is killed only proves the same thing again; every round is a training of its own.
        writeFileSync(journal, '');
        for (let ended = false; !ended;) {
          const { killed: wasKilled, output } = await run(
            `killed-${round}`,
            killed < kills ? longest * lives.uniformValues(1)[0]! : undefined,
          );
          if (wasKilled) killed++;
          else {
            expect(output).toBe(expected);
            ended = true;
          }
        }
        resumed += expectNoStepLost(journal);
      }
      // Each lived until it had saved once.
      expect(resumed).toBe(killed);
    } finally {
      rmSync(root, { recursive: true, force: true });
    }
  },
  60_000 * Math.max(kills, 4),
);
