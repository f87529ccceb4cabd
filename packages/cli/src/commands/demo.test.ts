import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { gansynth, scratch } from '../test-support/packed.js';

describe('gansynth demo', () => {
  it('does everything once, resumes its training, and says what lies where', async () => {
    const cwd = scratch();
    const { status, stdout, stderr } = await gansynth(['demo', '--minutes', '0.05', '--classifier-steps', '2'], { cwd });
    expect(status, stderr).toBe(0);
    expect(stderr).toContain('new');
    expect(stderr).toMatch(/going on at \d+ images/);
    const out = join(cwd, 'gansynth-demo');
    for (const file of [
      'notes/examples.json',
      'melody.mid',
      'from-this-run/melody.wav',
      'from-this-run/latents.json',
      'from-the-shipped-model/melody.wav',
      'report.html',
    ]) {
      expect(existsSync(join(out, file)), file).toBe(true);
    }
    for (const words of ['What lies where', 'report.html', 'untrained', 'NDB / k']) expect(stdout).toContain(words);
    expect(readFileSync(join(out, 'report.html'), 'utf8').includes('data:audio/wav')).toBe(true);
  });
});
