import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { BasicSoundBank } from 'spessasynth_core';
import { describe, expect, it } from 'vitest';
import { encodeWav } from '@gansynth/common/wav';
import { gansynth, scratch } from '../test-support/packed.js';
import { demoNotes } from '../test-support/trained.js';

const tone = (frequency: number) =>
  Float32Array.from({ length: 16_000 }, (_, i) => 0.5 * Math.sin((2 * Math.PI * frequency * i) / 16_000));

describe('gansynth data', () => {
  it('inspects a collection', async () => {
    const cwd = scratch();
    demoNotes(cwd);
    const { status, stdout } = await gansynth(['data', 'inspect', 'notes', '--audio', '--json'], { cwd });
    expect(status).toBe(0);
    expect(JSON.parse(stdout)).toMatchObject({
      notes: 39,
      instruments: 3,
      families: { mallet: 13, organ: 13, reed: 13 },
      silent: [],
      clipped: [],
    });
  });

  it('names the damaged note, or lists it and goes on', async () => {
    const cwd = scratch();
    demoNotes(cwd);
    const bad = join(cwd, 'notes', 'audio', 'mallet_acoustic_812-060-100.wav');
    writeFileSync(bad, readFileSync(bad).subarray(0, 1000));
    const strict = await gansynth(['data', 'inspect', 'notes'], { cwd });
    expect(strict.status).toBe(3);
    expect(strict.stderr).toContain('mallet_acoustic_812-060-100');
    const { stdout } = await gansynth(['data', 'inspect', 'notes', '--skip-bad', '--json'], { cwd });
    expect(JSON.parse(stdout)).toMatchObject({ notes: 38, refused: { count: 1 } });
  });

  it('imports a folder of sounds and says what became of each', async () => {
    const cwd = scratch();
    mkdirSync(join(cwd, 'sounds'));
    writeFileSync(join(cwd, 'sounds', 'pad A4.wav'), encodeWav(tone(440), 16_000));
    writeFileSync(join(cwd, 'sounds', 'notes.txt'), 'no sound');
    const { status, stdout } = await gansynth(['data', 'import', 'sounds', '--to', 'mine', '--seconds', '1', '--json'], { cwd });
    expect(status).toBe(0);
    expect(JSON.parse(stdout)).toMatchObject({ imported: 1, refused: 1 });
    const inspected = await gansynth(['data', 'inspect', 'mine', '--json'], { cwd });
    expect(JSON.parse(inspected.stdout)).toMatchObject({ notes: 1, pitches: { 69: 1 } });
  });

  it('splits by instrument into a file others can use', async () => {
    const cwd = scratch();
    demoNotes(cwd);
    const { status } = await gansynth(['data', 'split', 'notes', '--by', 'instrument', '--train', '0.66'], { cwd });
    expect(status).toBe(0);
    const lines = readFileSync(join(cwd, 'split.csv'), 'utf8').trim().split('\n');
    expect(lines[0]).toBe('id,split');
    expect(lines).toHaveLength(40);
    const parts = new Map(lines.slice(1).map((line) => [line.split('-')[0]!, line.split(',')[1]]));
    for (const line of lines.slice(1)) expect(line.split(',')[1]).toBe(parts.get(line.split('-')[0]!));
  });

  it('says plainly that a folder holds no notes', async () => {
    const { status, stderr } = await gansynth(['data', 'inspect', '.']);
    expect(status).toBe(3);
    expect(stderr).toMatch(/expected .*examples\.json/);
  });
});

describe('gansynth data download', () => {
  it('fetches a published file from a mirror', async () => {
    const content = gzipSync('notes '.repeat(1000));
    const server = createServer(
      (_request, response) => void response.writeHead(200, { 'content-length': content.length }).end(content),
    );
    await new Promise<void>((resolve) => void server.listen(0, '127.0.0.1', resolve));
    const cwd = scratch();
    const from = `http://127.0.0.1:${(server.address() as AddressInfo).port}/`;
    try {
      const { status, stdout } = await gansynth(['data', 'download', 'test.jsonwav.tar.gz', '--from', from, '--json'], { cwd });
      expect(status).toBe(0);
      const { path, bytes } = JSON.parse(stdout) as { path: string; bytes: number };
      expect(bytes).toBe(content.length);
      expect(readFileSync(join(cwd, path)).equals(content)).toBe(true);
    } finally {
      server.close();
    }
  });

  it('shows its defaults in few words', async () => {
    const { stdout } = await gansynth(['data', 'render', '--help']);
    expect(stdout).toMatch(/--pitches <list> +MIDI numbers or names \(default: 24-84, the\s+paper's\)/);
    expect(stdout).not.toContain('24,25,26');
  });

  it('names the parts there are', async () => {
    const { status, stderr } = await gansynth(['data', 'download', 'tests.jsonwav.tar.gz']);
    expect(status).toBe(2);
    expect(stderr).toContain('Did you mean test.jsonwav.tar.gz?');
  });
});

describe('gansynth data render', () => {
  // Where Debian's FluidR3 is installed, a whole SoundFont.
  it.each(['/usr/share/sounds/sf2/FluidR3_GM.sf2'].filter((file) => existsSync(file)))(
    'makes notes from %s',
    async (soundFont) => {
      const cwd = scratch();
      const words = [
        '--to',
        'notes',
        '--programs',
        '12',
        '--pitches',
        '60,64',
        '--velocities',
        '100',
        '--seconds',
        '0.4',
        '--release',
        '0.1',
      ];
      const { status, stdout, stderr } = await gansynth(['data', 'render', soundFont, ...words, '--json'], { cwd });
      expect(status, stderr).toBe(0);
      expect(JSON.parse(stdout)).toEqual({ folder: 'notes', notes: 2, silent: 0, bank: 0 });
      const inspected = await gansynth(['data', 'inspect', 'notes', '--json'], { cwd });
      expect(JSON.parse(inspected.stdout)).toMatchObject({ notes: 2, pitches: { 60: 1, 64: 1 }, seconds: [0.5, 0.5] });
    },
  );

  it('ends with 3 where nothing sounds, and leaves nothing in the way', async () => {
    const cwd = scratch();
    const font = Buffer.from(await BasicSoundBank.getSampleSoundBankFile());
    const words = ['--to', 'notes', '-p', '60', '--velocities', '100', '--seconds', '0.1', '--release', '0.1'];
    const samples = font.indexOf('smpl') + 4;
    const silent = Buffer.from(font).fill(0, samples + 4, samples + 4 + font.readUInt32LE(samples));
    writeFileSync(join(cwd, 'silent.sf2'), silent);
    const { status, stderr } = await gansynth(['data', 'render', 'silent.sf2', ...words], { cwd });
    expect(status).toBe(3);
    expect(stderr).toMatch(/expected notes that sound, found 1 silent ones in bank 0\. Try other --programs/);
    expect(existsSync(join(cwd, 'notes'))).toBe(false);
    writeFileSync(join(cwd, 'saw.sf2'), font);
    expect((await gansynth(['data', 'render', 'saw.sf2', ...words], { cwd })).status).toBe(0);
  });

  it('refuses what is no SoundFont', async () => {
    const cwd = scratch();
    writeFileSync(join(cwd, 'bad.sf2'), 'RIFF');
    const { status, stderr } = await gansynth(['data', 'render', 'bad.sf2', '--to', 'notes'], { cwd });
    expect(status).toBe(3);
    expect(stderr).toContain('bad.sf2');
    expect(existsSync(join(cwd, 'notes', 'examples.json'))).toBe(false);
  });
});
