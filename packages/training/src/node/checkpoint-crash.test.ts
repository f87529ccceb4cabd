import { mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expectNoStepLost, killedRun } from '@gansynth/test-kit';
import { expect, it } from 'vitest';
import { randomStream } from '@gansynth/common/random';

const path = (relative: string): string => fileURLToPath(new URL(relative, import.meta.url));
const child = { script: path('../../test/support/training-child.ts'), tsconfig: path('../../tsconfig.json') };

it('a run killed without warning again and again, during saves as well, ends in the weights of one never killed', async () => {
  const root = mkdtempSync(join(tmpdir(), 'gansynth-crash-'));
  try {
    const journal = join(root, 'journal');
    writeFileSync(journal, '');
    const { output: expected } = await killedRun({ ...child, directory: join(root, 'whole'), journal });
    writeFileSync(journal, '');
    const directory = join(root, 'killed');
    const lives = randomStream(1, 'lives').uniformValues(5);
    for (const life of lives) await killedRun({ ...child, directory, journal, life: 15 * life });
    const { output } = await killedRun({ ...child, directory, journal });
    expect(output).toBe(expected);
    expect(expectNoStepLost(journal)).toBeGreaterThanOrEqual(4);
    expect(readdirSync(directory).filter((name) => !name.startsWith('.tmp'))).toHaveLength(2);
  } finally {
    rmSync(root, { recursive: true, force: true });
  }
}, 240_000);
