import { existsSync, readFileSync, readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeAll, describe, expect, it } from 'vitest';
import { gansynth } from '../test-support/packed.js';
import { trainedFolder } from '../test-support/trained.js';

let cwd: string;
let run: string;
beforeAll(async () => {
  cwd = await trainedFolder();
  run = readdirSync(join(cwd, 'runs')).find((name) => name.startsWith('smoke')) as string;
});

describe('gansynth rainbowgram', () => {
  it('draws every sound of a folder', async () => {
    const folder = join('runs', run, 'samples', 'stage-00');
    const { status, stdout } = await gansynth(['rainbowgram', folder, '-o', 'pictures', '--height', '64', '--json'], { cwd });
    expect(status).toBe(0);
    const { files } = JSON.parse(stdout) as { files: string[] };
    expect(files.length).toBeGreaterThan(0);
    const png = readFileSync(join(cwd, files[0] as string));
    expect(png.subarray(1, 4).toString()).toBe('PNG');
    expect(png.readUInt32BE(20)).toBe(64);
  });

  it('puts all sounds of a folder on one picture', async () => {
    const folder = join('runs', run, 'samples', 'stage-00');
    const sounds = readdirSync(join(cwd, folder)).filter((name) => name.endsWith('.wav'));
    const words = ['rainbowgram', folder, '--sheet', 'sheet.png', '--columns', '1', '--height', '64', '--width', '32', '--json'];
    const { status, stdout } = await gansynth(words, { cwd });
    expect(status).toBe(0);
    expect(JSON.parse(stdout)).toEqual({ files: ['sheet.png'], refused: [] });
    const png = readFileSync(join(cwd, 'sheet.png'));
    expect([png.readUInt32BE(16), png.readUInt32BE(20)]).toEqual([32, 66 * sounds.length - 2]);
  });

  it('names a file that is no sound', async () => {
    writeFileSync(join(cwd, 'bad.wav'), 'RIFF?');
    const { status, stderr } = await gansynth(['rainbowgram', 'bad.wav'], { cwd });
    expect(status).toBe(3);
    expect(stderr).toContain('bad.wav: expected WAV, AIFF, FLAC, MP3 or Ogg (Vorbis, Opus, FLAC), found something else');
  });
});

describe('gansynth report', () => {
  it('makes one page that refers to nothing outside itself', async () => {
    const { status } = await gansynth(['report', 'smoke'], { cwd });
    expect(status).toBe(0);
    const html = readFileSync(join(cwd, 'runs', run, 'report.html'), 'utf8');
    const references = [...html.matchAll(/(?:src|href)="([^"]{0,30})/g)].map(([, target]) => target as string);
    expect(references.length).toBeGreaterThan(2);
    expect(references.filter((target) => !target.startsWith('data:'))).toEqual([]);
    for (const part of ['<audio', '<svg', 'IF-Mel + H', 'mini/smoke']) expect(html.includes(part), part).toBe(true);
  });

  it('refuses a folder that is no run', async () => {
    const { status, stderr } = await gansynth(['report', 'notes'], { cwd });
    expect(status).toBe(3);
    expect(stderr).toContain('expected a run folder');
  });
});

describe('gansynth evaluate', () => {
  it('asks for more held-out notes where there are too few', async () => {
    const { status, stderr } = await gansynth(['evaluate', '--data', 'notes', '--model', 'smoke'], { cwd });
    expect(status).toBe(3);
    expect(stderr).toContain('at least 20 notes that were held out, found 8 of 39');
  });

  it('prints the five scores beside an untrained generator, and keeps them in the run', async () => {
    const { status, stdout, stderr } = await gansynth(
      ['evaluate', '--data', 'notes', '--model', 'smoke', '--hold-out', '0.6', '--classifier-steps', '4', '--paper'],
      { cwd },
    );
    expect({ status, stderr: status === 0 ? '' : stderr }).toEqual({ status: 0, stderr: '' });
    for (const word of ['NDB / k', 'FID', 'IS', 'PA %', 'PE', 'this model', 'untrained', 'paper: IF-Mel + H'])
      expect(stdout).toContain(word);
    expect(stdout).toMatch(/^2[34] notes each against 2[34] real ones/m);
    expect(existsSync(join(cwd, 'runs', run, 'scores.json'))).toBe(true);
  });
});
