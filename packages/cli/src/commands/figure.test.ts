import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { encodeWav } from '@gansynth/common/wav';
import { describe, expect, it } from 'vitest';
import { encodeMelody } from '../midi/melody.js';
import { inProcess } from '../test-support/in-process.js';
import { sheetOf, smallTest } from '../test-support/listening.js';
import { scratch } from '../test-support/packed.js';
import { demoNotes } from '../test-support/trained.js';

const draw = async (cwd: string, ...words: string[]): Promise<string> => {
  const { status, stdout, stderr } = await inProcess(['figure', ...words, '-o', 'figures/x.svg', '--json'], { cwd });
  expect(status, stderr).toBe(0);
  expect(JSON.parse(stdout)).toMatchObject({ file: 'figures/x.svg' });
  return readFileSync(join(cwd, 'figures', 'x.svg'), 'utf8');
};
const fail = async (cwd: string, ...words: string[]): Promise<[unknown, string]> => {
  const { status, stderr } = await inProcess(['figure', ...words], { cwd });
  return [status, stderr];
};
const pictures = (svg: string): number => svg.match(/<image /g)?.length ?? 0;

describe('gansynth figure', () => {
  it('phases: measures the pitch of a recording and follows its partials', async () => {
    const cwd = scratch();
    const tone = Float32Array.from({ length: 16_000 }, (_, n) => 0.5 * Math.sin((2 * Math.PI * 440 * n) / 16_000));
    writeFileSync(join(cwd, 'a.wav'), encodeWav(tone, 16_000));
    const svg = await draw(cwd, 'phases', 'a.wav');
    expect(svg).toContain('Phases of a.wav');
    expect(svg).toContain('>438 Hz<');
    expect(pictures(svg)).toBe(4);
    expect(await fail(cwd, 'phases', 'b.wav')).toEqual([3, expect.stringMatching(/b\.wav: expected a sound file/)]);
    writeFileSync(join(cwd, 'short.wav'), encodeWav(tone.subarray(0, 100), 16_000));
    expect(await fail(cwd, 'phases', 'short.wav', '--pitch', 'A4')).toEqual([
      3,
      expect.stringMatching(/expected at least \d+ samples, found 100/),
    ]);
  });

  it('coherence: a note of each source at one pitch', async () => {
    const cwd = scratch();
    demoNotes(cwd);
    const svg = await draw(cwd, 'coherence', '--models', 'real=notes,shipped=mini');
    for (const name of ['>real<', '>shipped<']) expect(svg).toContain(name);
    expect(pictures(svg)).toBe(2);
    const told = await inProcess(['figure', 'coherence', '--models', 'shipped=mini', '-o', 'x.svg'], { cwd });
    expect(told.stderr.match(/^backend /gm)).toHaveLength(1);
    expect(await fail(cwd, 'coherence', '--models', 'real=notes', '-p', '1')).toEqual([
      2,
      expect.stringMatching(/found 1\. They have real \d+/),
    ]);
  });

  it('interpolation and octaves: rows of rainbowgrams of a model', async () => {
    const cwd = scratch();
    const steps = await draw(cwd, 'interpolation', '--from', 'flute', '--to', '3', '--steps', '3');
    expect(pictures(steps)).toBe(6);
    for (const share of ['>0 %<', '>50 %<', '>100 %<']) expect(steps).toContain(share);
    const octaves = await draw(cwd, 'octaves', '-p', 'C3,C4,C5', '--seconds', '0.2');
    expect(pictures(octaves)).toBe(2);
    for (const note of ['>C3<', '>C4<', '>C5<']) expect(octaves).toContain(note);
    expect(await fail(cwd, 'octaves', '--midi', 'none.mid')).toEqual([
      3,
      expect.stringMatching(/none\.mid: expected a MIDI file/),
    ]);
  });

  it('octaves: the beginning of a song, however long it is', async () => {
    const cwd = scratch();
    const song = (name: string, ...starts: number[]): void => {
      const notes = starts.map((start) => ({ start, end: start + 0.4, pitch: 60, velocity: 100 }));
      writeFileSync(join(cwd, name), encodeMelody(notes));
    };
    song('long.mid', 0, 0.5, 9000);
    expect(pictures(await draw(cwd, 'octaves', '--midi', 'long.mid'))).toBe(2);
    expect(await draw(cwd, 'octaves', '--prelude')).toContain('latents that move: 15 points');
    song('late.mid', 30);
    writeFileSync(join(cwd, 'bad.mid'), 'MThd');
    const refused: [string[], number, RegExp][] = [
      [['late.mid'], 3, /late\.mid: expected a song, found no note that begins in its first 20 s/],
      [['bad.mid'], 3, /bad\.mid/],
      [['long.mid', '-p', 'C4'], 2, /expected --midi or --pitches, found both/],
      [['long.mid', '--seconds', '0.5'], 2, /expected --midi or --seconds, found both/],
      [['long.mid', '--prelude'], 2, /expected --midi or --prelude, found both/],
    ];
    for (const [words, status, message] of refused)
      expect(await fail(cwd, 'octaves', '--midi', ...words)).toEqual([status, expect.stringMatching(message)]);
  });

  it('latency: measures, and keeps what was measured on other backends', async () => {
    const cwd = scratch();
    mkdirSync(join(cwd, 'figures'));
    writeFileSync(join(cwd, 'figures', 'x.json'), JSON.stringify([{ model: 'mini', backend: 'abacus', milliseconds: 5e6 }]));
    const svg = await draw(cwd, 'latency', '--repeats', '1');
    for (const word of ['>abacus<', '>wasm<', '>1.39 h<', '>WaveNet (paper)<']) expect(svg).toContain(word);
    const rows = JSON.parse(readFileSync(join(cwd, 'figures', 'x.json'), 'utf8')) as { backend: string; milliseconds: number }[];
    expect(rows.map(({ backend }) => backend)).toEqual(['abacus', 'wasm']);
    expect(rows[1]!.milliseconds).toBeGreaterThan(0);
  });

  it('wins: of answers, or of their scores, the paper beside the models it names', async () => {
    const cwd = scratch();
    const key = await smallTest(join(cwd, 'test'));
    mkdirSync(join(cwd, 'test', 'answers'));
    for (const sheet of [1, 2])
      writeFileSync(join(cwd, 'test', 'answers', `${sheet}.json`), JSON.stringify(sheetOf(key, sheet, `listener${sheet}`)));
    const svg = await draw(cwd, 'wins', 'test');
    expect(svg).toContain('clean: 20 of 20; hiss: 10 of 20; storm: 0 of 20');
    expect(svg).not.toContain('in the paper');
    await inProcess(['listen', 'score', 'test', '-o', 'wins.json'], { cwd });
    expect(await draw(cwd, 'wins', 'wins.json')).toBe(svg);
    const scores = readFileSync(join(cwd, 'wins.json'), 'utf8').replaceAll('"clean"', '"IF-Mel + H"');
    writeFileSync(join(cwd, 'wins.json'), scores);
    expect(await draw(cwd, 'wins', 'wins.json')).toContain('in the paper');
  });

  it('bins: of scores, real notes once', async () => {
    const cwd = scratch();
    const bins = [0.2, 0.8].map((share) => ({ referenceProportion: share, generatedProportion: 1 - share, different: true }));
    const evaluation = {
      kind: 'gansynth-evaluation',
      format: 1,
      trained: { ndb: { bins } },
      real: { ndb: { bins } },
      classifier: {},
    };
    mkdirSync(join(cwd, 'run-a'));
    for (const path of ['run-a/scores.json', 'b.json']) writeFileSync(join(cwd, path), JSON.stringify(evaluation));
    const svg = await draw(cwd, 'bins', 'run-a/scores.json', 'WaveGAN=b.json');
    expect([...svg.matchAll(/>([^<]*): 2 of 2 differ</g)].map(([, name]) => name)).toEqual([
      'other real notes',
      'run-a',
      'WaveGAN',
    ]);
    expect(await fail(cwd, 'bins', 'a=b.json', 'a=run-a/scores.json')).toEqual([2, expect.stringMatching(/found "a" twice/)]);
    writeFileSync(join(cwd, 'c.json'), '{}');
    expect(await fail(cwd, 'bins', 'c.json')).toEqual([3, expect.stringMatching(/c\.json: expected what gansynth writes/)]);
  });
});
