import { spawnSync } from 'node:child_process';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { gansynth, scratch, start } from '../test-support/packed.js';
import { patience, until } from '../test-support/slurm.js';

const isThere = spawnSync('parallel', ['--version']).status === 0;
if (!isThere) console.warn('skipped: no parallel here (Debian: apt-get install parallel)');

/** Names and contents of a folder's notes. */
const notesOf = (folder: string): [string, string][] =>
  readdirSync(folder)
    .filter((name) => name.endsWith('.wav'))
    .sort()
    .map((name) => [name, readFileSync(join(folder, name)).toString('base64')]);

describe.skipIf(!isThere)('gansynth submit --engine parallel --go', { timeout: patience }, () => {
  it('stopped, and given again, makes the notes of an undivided work', async () => {
    const cwd = scratch();
    const words = ['generate', '--count', '60', '--pitches', 'C4', '--out'];
    const out = "it's {} $HOME {%}";
    const line = ['submit', '--engine', 'parallel', '--array', '3', '--at-once', '2', '--go', '--', ...words];
    const { child, finished } = start([...line, out], { cwd });
    await until('the first note', () => existsSync(join(cwd, out)) && notesOf(join(cwd, out)).length > 0);
    child.kill('SIGTERM');
    expect(await finished).toMatchObject({ status: 130, stderr: expect.stringMatching(/Stopped/) });
    expect(notesOf(join(cwd, out)).length).toBeLessThan(60);
    const again = await gansynth([...line, out], { cwd });
    expect(again.status, again.stderr).toBe(0);
    expect((await gansynth([...words, 'whole'], { cwd })).status).toBe(0);
    expect(notesOf(join(cwd, out))).toEqual(notesOf(join(cwd, 'whole')));
    const joblog = readFileSync(join(cwd, 'gansynth-generate.joblog'), 'utf8').trim().split('\n').slice(1);
    expect(new Set(joblog.map((row) => row.split('\t')[0])).size).toBe(3);
    // What ended well under the same numbers was another work.
    expect((await gansynth([...line, 'other'], { cwd })).status).toBe(0);
    expect(notesOf(join(cwd, 'other'))).toEqual(notesOf(join(cwd, 'whole')));
  });
});
