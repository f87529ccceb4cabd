import { existsSync, readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { encodeWav } from '@gansynth/common/wav';
import { encodeMelody } from '../midi/melody.js';
import { scratch, start, type Finished } from '../test-support/packed.js';
import { demoNotes } from '../test-support/trained.js';

/** Runs a command until it says something, asks it to stop, and waits for its end. */
async function stopped(
  words: readonly string[],
  { cwd, at, by = 'SIGINT' }: { cwd: string; at: RegExp; by?: NodeJS.Signals },
): Promise<Finished> {
  const { child, finished } = start(words, { cwd });
  let told = '';
  await new Promise<void>((resolve) => {
    child.stderr?.on('data', (text: string) => at.test((told += text)) && resolve());
    child.on('close', () => resolve());
  });
  child.kill(by);
  return finished;
}

/** A song of so many notes, one after the other. */
const song = (notes: number): Uint8Array =>
  encodeMelody(Array.from({ length: notes }, (_, i) => ({ start: 0.02 * i, end: 0.02 * i + 0.01, pitch: 60, velocity: 100 })));

// Each would take many minutes: only a request to stop can end it within the limit of a test.
describe('a command that is asked to stop', () => {
  it.each(['SIGINT', 'SIGTERM', 'SIGHUP'] as const)('by %s keeps the notes it has made, and says so', async (by) => {
    const cwd = scratch();
    const { status, stderr, stdout } = await stopped(['generate', '--count', '20000'], { cwd, at: /generating/, by });
    expect({ status, stdout }).toEqual({ status: 130, stdout: '' });
    const notes = readdirSync(join(cwd, 'generated')).filter((name) => name.endsWith('.wav'));
    expect(notes.length).toBeLessThan(1000);
    expect(notes.length).toBeGreaterThan(0);
    expect(stderr).toContain(
      `gansynth: Stopped. ${notes.length} of 20000 notes are in generated, with ${join('generated', 'latents.json')}.\n`,
    );
    expect(existsSync(join(cwd, 'generated', 'latents.json'))).toBe(true);
  });

  it('tells a program, too', async () => {
    const { status, stdout } = await stopped(['generate', '--count', '20000', '--json'], { cwd: scratch(), at: /model .*:/ });
    expect(status).toBe(130);
    expect(JSON.parse(stdout)).toMatchObject({ error: { kind: 'InterruptedError', exitCode: 130 } });
  });

  it.each<[name: string, words: string[], at: RegExp, kept: RegExp]>([
    ['interpolate', ['interpolate', '--steps', '10000'], /model .*:/, /notes are in interpolation|Nothing was kept/],
    ['midi', ['midi', 'song.mid'], /model .*:/, /Nothing was kept/],
    ['project', ['project', 'tone.wav', '--starts', '1', '--steps', '100000'], /pitch 60/, /Nothing was kept/],
    [
      'evaluate',
      ['evaluate', '--data', 'notes', '--hold-out', '0.6', '--classifier-steps', '100000'],
      /39 notes/,
      /Nothing was kept/,
    ],
  ])('%s stops, and nothing half made is left', async (_, words, at, kept) => {
    const cwd = scratch();
    demoNotes(cwd);
    writeFileSync(join(cwd, 'song.mid'), song(100_000));
    const tone = Float32Array.from({ length: 16_000 }, (__, i) => 0.5 * Math.sin((2 * Math.PI * 261.63 * i) / 16_000));
    writeFileSync(join(cwd, 'tone.wav'), encodeWav(tone, 16_000));
    const { status, stderr } = await stopped(words, { cwd, at });
    expect({ status, stderr }).toEqual({ status: 130, stderr: expect.stringMatching(kept) });
    expect(readdirSync(cwd).filter((name) => name.includes('.tmp') || name === 'song.wav')).toEqual([]);
  });
});
