import { describe, expect, it } from 'vitest';
import { gansynth } from '../test-support/packed.js';

describe('gansynth doctor', () => {
  it('measures what runs and says what to do about the rest', async () => {
    const { status, stdout } = await gansynth(['doctor', '--json']);
    expect(status).toBe(0);
    const { backends, chosen } = JSON.parse(stdout) as {
      chosen: string;
      backends: { name: string; runs: boolean; gigaflops?: number; cure?: string }[];
    };
    expect(backends.map(({ name }) => name)).toEqual(['tensorflow', 'webgpu', 'wasm', 'cpu']);
    expect(backends.find(({ name }) => name === 'wasm')).toMatchObject({ runs: true });
    for (const { runs, gigaflops, cure } of backends) expect(runs ? gigaflops : cure).toBeTruthy();
    expect(backends.find(({ runs }) => runs)?.name).toBe(chosen);
  });
});

describe('gansynth setup tensorflow', () => {
  it('says what a folder lacks, and where to find it', async () => {
    const { status, stderr } = await gansynth(['setup', 'tensorflow', '--from', '.']);
    expect(status).toBe(3);
    expect(stderr).toContain('expected include/tensorflow/c/c_api.h');
    expect(stderr).toContain('tensorflow.__file__');
  });
});

describe('gansynth completion', () => {
  it.each(['bash', 'zsh', 'fish'])('knows the commands in %s', async (shell) => {
    const { status, stdout } = await gansynth(['completion', shell]);
    expect(status).toBe(0);
    for (const word of ['recipes', 'validate', 'doctor']) expect(stdout).toContain(word);
  });
});
