import { existsSync, mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { encodeWav } from '@gansynth/common/wav';
import { describe, expect, it } from 'vitest';
import { gansynth, scratch } from '../test-support/packed.js';

describe('gansynth rainbowgram of a folder', () => {
  it('goes on after a bad file of a folder, passes hidden ones over, and draws one picture a sound', async () => {
    const cwd = scratch();
    const sounds = join(cwd, 'mixed');
    mkdirSync(join(sounds, '.hidden'), { recursive: true });
    const wav = encodeWav(new Float32Array(4000).fill(0.1), 16_000);
    for (const name of ['a.wav', 'x.wav', 'x.aif', '.hidden/b.wav']) writeFileSync(join(sounds, name), wav);
    writeFileSync(join(sounds, '._a.wav'), 'Mac OS X');
    writeFileSync(join(sounds, 'bad.wav'), 'RIFF?');
    const { status, stdout } = await gansynth(['rainbowgram', 'mixed', '--height', '8', '--json'], { cwd });
    expect(status).toBe(0);
    expect(JSON.parse(stdout)).toMatchObject({
      files: ['a.png', 'x.aif.png', 'x.wav.png'].map((name) => join('mixed', name)),
      refused: [{ file: join('mixed', 'bad.wav'), reason: expect.stringContaining('found something else') as string }],
    });
    const named = await gansynth(['rainbowgram', join('mixed', 'bad.wav'), join('mixed', 'a.wav'), '--height', '8'], { cwd });
    expect(named.status).toBe(3);
    expect(named.stderr).toMatch(/bad\.wav: expected WAV.*\nThe others are drawn/);
    mkdirSync(join(cwd, 'other'));
    writeFileSync(join(cwd, 'other', 'a.wav'), wav);
    const clash = await gansynth(['rainbowgram', 'other', join('mixed', 'a.wav'), '-o', 'one', '--height', '8'], { cwd });
    expect(clash.status).toBe(2);
    expect(clash.stderr).toMatch(/other\/a\.wav and mixed\/a\.wav, both to be one\/a\.wav\.png/);
    expect(existsSync(join(cwd, 'one'))).toBe(false);
  });
});
