import { chmodSync, existsSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it, vi } from 'vitest';
import { scratch } from '../test-support/packed.js';
import { submit } from './hand-over.js';
import type { Job, Site } from './job.js';

const job: Job = { name: 'gansynth-doctor', words: ['doctor'] };
const site: Site = { engine: 'slurm', gpus: 0, grace: 300, logs: '.', setup: [], engineOptions: [], claim: 'gansynth' };

describe('what is handed over', () => {
  it('is nothing where a stop was asked for while it was looked whether the engine is there', async () => {
    const bin = scratch();
    const handed = join(bin, 'handed');
    writeFileSync(join(bin, 'sbatch'), `#!/bin/sh\n[ "$1" = --version ] || touch '${handed}'\n`);
    chmodSync(join(bin, 'sbatch'), 0o755);
    vi.stubEnv('PATH', `${bin}:${process.env['PATH']}`);
    try {
      const stop = new AbortController();
      const submitted = submit([job], site, { go: true, signal: stop.signal });
      stop.abort();
      await expect(submitted).rejects.toThrow(/abort/i);
      expect(existsSync(handed)).toBe(false);
      await submit([job], site, { go: true, signal: new AbortController().signal });
      expect(existsSync(handed)).toBe(true);
    } finally {
      vi.unstubAllEnvs();
    }
  });
});
