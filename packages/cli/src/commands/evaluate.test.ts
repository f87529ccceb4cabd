import { appendFileSync, cpSync, existsSync, readFileSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeAll, describe, expect, it } from 'vitest';
import { inProcess } from '../test-support/in-process.js';
import { gansynth } from '../test-support/packed.js';
import { trainedFolder } from '../test-support/trained.js';

let cwd: string;
let run: string;
beforeAll(async () => {
  cwd = await trainedFolder();
  run = readdirSync(join(cwd, 'runs')).find((name) => name.startsWith('smoke'))!;
});

describe('gansynth rainbowgram', () => {
  it('draws every sound of a folder', async () => {
    const folder = join('runs', run, 'samples', 'stage-00');
    const { status, stdout } = await gansynth(['rainbowgram', folder, '-o', 'pictures', '--height', '64', '--json'], { cwd });
    expect(status).toBe(0);
    const { files } = JSON.parse(stdout) as { files: string[] };
    expect(files.length).toBeGreaterThan(0);
    const png = readFileSync(join(cwd, files[0]!));
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
    const references = [...html.matchAll(/(?:src|href)="([^"]{0,30})/g)].map(([, target]) => target!);
    expect(references.length).toBeGreaterThan(2);
    expect(references.filter((target) => !target.startsWith('data:'))).toEqual([]);
    for (const part of ['<audio', '<svg', 'IF-Mel + H', 'mini/smoke']) expect(html.includes(part), part).toBe(true);
  });

  it('shows what is whole where parts of the run are damaged, and names those', async () => {
    const copy = join(cwd, 'copy');
    cpSync(join(cwd, 'runs', run), copy, { recursive: true });
    for (const [name, text] of [
      ['data.json', '{}'],
      ['scores.json', '[]'],
      ['environment.json', '{"backend":'],
    ] as const)
      writeFileSync(join(copy, name), text);
    appendFileSync(join(copy, 'log', 'log.jsonl'), 'null\n{"type":"step","images":3}\n{"type":"stage","images":1,"stage":0}\n');
    const { status, stderr, stdout } = await inProcess(['report', 'copy', '--json'], { cwd });
    expect(status, stderr).toBe(0);
    const { leftOut } = JSON.parse(stdout) as { leftOut: string[] };
    expect(leftOut).toHaveLength(3);
    for (const name of ['data.json', 'scores.json', 'environment.json']) expect(stderr).toContain(name);
    expect(readFileSync(join(copy, 'report.html'), 'utf8')).toContain('<audio');
    writeFileSync(join(copy, 'scores.json'), '{"kind":"gansynth-evaluation","format":1,"trained":{},"classifier":null}');
    const again = await inProcess(['report', 'copy'], { cwd });
    expect({ status: again.status, stdout: again.stdout }).toEqual({
      status: 0,
      stdout: expect.stringContaining('damaged parts'),
    });
  });

  it('renders notes where the run has a model and none of them', async () => {
    const copy = join(cwd, 'silent');
    cpSync(join(cwd, 'runs', run), copy, { recursive: true });
    rmSync(join(copy, 'samples'), { recursive: true });
    const { status, stderr } = await inProcess(['report', 'silent'], { cwd });
    expect(status, stderr).toBe(0);
    expect(readdirSync(join(copy, 'samples', 'model')).filter((name) => name.endsWith('.wav')).length).toBeGreaterThan(0);
    expect(readFileSync(join(copy, 'report.html'), 'utf8')).toContain('<audio');
    rmSync(join(copy, 'model'), { recursive: true });
    rmSync(join(copy, 'samples'), { recursive: true });
    const without = await inProcess(['report', 'silent'], { cwd });
    expect(without).toMatchObject({ status: 0, stderr: expect.stringContaining('has saved no model yet') });
  });

  it('refuses a page where it cannot be written, before it makes it', async () => {
    for (const out of ['notes', 'notes/examples.json/report.html', '']) {
      expect(await inProcess(['report', 'smoke', '-o', out], { cwd }), out).toMatchObject({ status: 2 });
    }
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
