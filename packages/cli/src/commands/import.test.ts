import { existsSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expectClose, readGolden, readGoldenNpy, readReferenceWav, unpackGolden } from '@gansynth/test-kit';
import { describe, expect, it } from 'vitest';
import { inProcess } from '../test-support/in-process.js';
import { gansynth, scratch } from '../test-support/packed.js';

describe("gansynth import of Magenta's checkpoints", () => {
  it.each(['tf1-checkpoint', 'magenta-js'])('%s gives the notes of the original', async (kind) => {
    const cwd = scratch();
    const imported = await gansynth(
      ['import', unpackGolden(`${kind}/acoustic_tiny`, join(cwd, 'magenta')), '--to', 'model', '--json'],
      {
        cwd,
      },
    );
    expect(imported.stderr).toBe('');
    expect(JSON.parse(imported.stdout)).toMatchObject({ representation: { kind: 'if-mel', frames: 128, bins: 1024 } });
    const { data } = readGoldenNpy(`${kind}/expected/z.npy`);
    const { pitches } = readGolden<{ pitches: number[] }>(`${kind}/expected/expected.json`);
    const latents = [Array.from(data.subarray(256, 512))];
    writeFileSync(join(cwd, 'z.json'), JSON.stringify({ format: 'gansynth-latents', version: 1, latents }));
    const words = ['generate', '--model', 'model', '--latents', 'z.json', '--pitches', String(pitches[1]), '--json'];
    const { stdout, stderr } = await gansynth(words, { cwd });
    expect(stderr).not.toContain('gansynth:');
    const { files } = JSON.parse(stdout) as { files: string[] };
    const note = readReferenceWav(join(cwd, files[0]!));
    const original = Float32Array.from(readGoldenNpy(`${kind}/expected/audio_example1.npy`).data);
    expect(note).toHaveLength(64_000);
    // The file is lowered where it would clip; 1 % of the signal's level is the reference's own tolerance.
    const peak = Math.max(
      1,
      original.reduce((most, value) => Math.max(most, Math.abs(value)), 0),
    );
    const error = Math.sqrt(note.reduce((sum, value, i) => sum + (value - original[i]! / peak) ** 2, 0));
    const level = Math.sqrt(original.reduce((sum, value) => sum + (value / peak) ** 2, 0));
    expectClose([error / level], [0], { absolute: 0.01 });
  });
});

describe('gansynth import', () => {
  it.each([
    [['--weights', 'raw'], 2, 'expected no --weights for a checkpoint of Magenta.js, found --weights raw'],
    [['--stage', '3'], 2, 'expected no --stage for a checkpoint of Magenta.js, found --stage 3'],
    [['--weights', 'averaged'], 0, ''],
  ])('of Magenta.js, which has averaged weights of one stage, with %j', async (words, expected, message) => {
    const cwd = scratch();
    const at = unpackGolden('magenta-js/acoustic_tiny', join(cwd, 'magenta'));
    const { status, stderr } = await inProcess(['import', at, '--to', 'model', ...words], { cwd });
    expect({ status, stderr }).toEqual({ status: expected, stderr: expect.stringContaining(message) });
    expect(existsSync(join(cwd, 'model'))).toBe(expected === 0);
  });

  it('says what it looks for', async () => {
    const cwd = scratch();
    const { status, stderr } = await gansynth(['import', '.', '--to', 'model'], { cwd });
    expect(status).toBe(3);
    expect(stderr).toContain('expected experiment.json');
    expect(existsSync(join(cwd, 'model'))).toBe(false);
  });

  it('documents itself', async () => {
    const { stdout } = await gansynth(['import', '--help']);
    expect(stdout).toContain('acoustic_only');
  });
});
