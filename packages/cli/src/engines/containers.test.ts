import { validate } from 'dockerfile-utils';
import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { user } from './kubernetes.js';

const read = (name: string): string => readFileSync(new URL(`../../../../deploy/${name}`, import.meta.url), 'utf8');

describe.each(['Containerfile', 'Containerfile.gpu'])('deploy/%s', (name) => {
  const text = read(name);

  it('is well formed', () => {
    expect(validate(text)).toEqual([]);
    expect(validate(text.replace('WORKDIR', 'WORKDRI'))).not.toEqual([]);
  });

  it('copies from a stage that it has, and names its bases by versions', () => {
    const bases = [...text.matchAll(/^FROM (\S+)(?: AS (\S+))?$/gm)];
    expect(bases.length).toBeGreaterThan(1);
    for (const [, base] of bases) expect(base).toMatch(/^[\w./-]+:\d[\w.-]+$/);
    const stages = bases.map(([, , stage]) => stage);
    for (const [, stage] of text.matchAll(/--from=(\S+)/g)) expect(stages).toContain(stage);
  });

  it('runs as the user that manifests name', () => {
    expect(text).toMatch(new RegExp(`^USER ${user}:${user}$`, 'm'));
  });
});
