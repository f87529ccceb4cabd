import { judgeNote } from '@gansynth/metrics';
import { readReferenceWav } from '@gansynth/test-kit';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { demoMelody, encodeMelody } from '../midi/melody.js';
import { gansynth, scratch } from '../test-support/packed.js';

/** Level of a note's second harmonic above its first, in dB, over its middle half second. */
function secondHarmonic(samples: Float32Array, hertz: number): number {
  const middle = samples.subarray(8000, 16_000);
  const power = (frequency: number): number => {
    let [real, imaginary] = [0, 0];
    for (const [n, value] of middle.entries()) {
      const window = 1 - Math.cos((2 * Math.PI * n) / middle.length);
      real += window * value * Math.cos((2 * Math.PI * frequency * n) / 16_000);
      imaginary += window * value * Math.sin((2 * Math.PI * frequency * n) / 16_000);
    }
    return real ** 2 + imaginary ** 2;
  };
  return 10 * Math.log10(power(2 * hertz) / power(hertz));
}

describe('the shipped model', () => {
  it('plays in tune in an empty folder, without a word about models', async () => {
    const empty = scratch();
    const { status, stdout, stderr } = await gansynth(['generate', '--pitches', 'C3,A3,C5', '--count', '2', '--json', '-q'], {
      cwd: empty,
    });
    expect({ status, stderr }).toEqual({ status: 0, stderr: '' });
    const { files } = JSON.parse(stdout) as { files: string[] };
    expect(files).toHaveLength(6);
    for (const file of files) {
      const samples = readReferenceWav(join(empty, file));
      expect(samples).toHaveLength(64_000);
      const pitch = Number(/-(\d{3})-[A-G]/.exec(file)?.[1]);
      const { cents } = judgeNote({ audio: samples, pitch }, { sampleRate: 16_000 });
      expect(Math.abs(cents ?? Number.POSITIVE_INFINITY), file).toBeLessThan(20);
    }
  });

  it('plays the instruments it is asked for', async () => {
    const empty = scratch();
    const words = ['generate', '--instruments', 'flute,square', '--pitches', 'C4', '--count', '1', '--json', '-q'];
    const { status, stdout, stderr } = await gansynth(words, { cwd: empty });
    expect({ status, stderr }).toEqual({ status: 0, stderr: '' });
    const { files } = JSON.parse(stdout) as { files: string[] };
    expect(JSON.parse(readFileSync(join(empty, 'generated', 'latents.json'), 'utf8'))).toMatchObject({
      instruments: ['flute', 'square lead'],
    });
    // A square wave has no second harmonic, a flute a strong one.
    const [flute, square] = files.map((file) => secondHarmonic(readReferenceWav(join(empty, file)), 261.63)) as [number, number];
    expect(flute).toBeGreaterThan(-12);
    expect(square).toBeLessThan(-20);
    const again = await gansynth(['scale', '--latent', 'square', '--from', 'C4', '--to', 'C4', '-q'], { cwd: empty });
    expect(again).toMatchObject({ status: 0, stderr: '' });
    expect(secondHarmonic(readReferenceWav(join(empty, 'scale', '060-C4.wav')), 261.63)).toBeLessThan(-20);
    const unknown = await gansynth(['generate', '--instruments', 'kazoo'], { cwd: empty });
    expect(unknown.status).toBe(2);
    expect(unknown.stderr).toMatch(/kazoo: expected an instrument of this model \(piano, .*flute.*\) or "all"/);
  });

  it('plays a song in an empty folder', async () => {
    const empty = scratch();
    writeFileSync(join(empty, 'song.mid'), encodeMelody(demoMelody()));
    const { status, stderr } = await gansynth(['midi', 'song.mid', '-q'], { cwd: empty });
    expect({ status, stderr }).toEqual({ status: 0, stderr: '' });
    expect(readReferenceWav(join(empty, 'song.wav')).some((value) => Math.abs(value) > 0.1)).toBe(true);
  });
});
