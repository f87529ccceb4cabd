import { execFileSync } from 'node:child_process';
import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { root } from './workspace.js';

const folder = mkdtempSync(join(tmpdir(), 'gansynth-examples-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const run = (...words: string[]): string =>
  execFileSync(process.execPath, words, { cwd: join(root, 'examples'), encoding: 'utf8', stdio: ['ignore', 'pipe', 'pipe'] });

/** Amplitude of a frequency in 16-bit samples, as a share of their root mean square. */
function share(samples: Int16Array, hertz: number, sampleRate: number): number {
  let [real, imaginary, squares] = [0, 0, 0];
  for (const [i, value] of samples.entries()) {
    const angle = (2 * Math.PI * hertz * i) / sampleRate;
    real += value * Math.cos(angle);
    imaginary += value * Math.sin(angle);
    squares += value * value;
  }
  return Math.hypot(real, imaginary) / Math.sqrt(squares * samples.length);
}

/** Of a tone that is in tune: the strongest within five cents. */
const shareInTune = (samples: Int16Array, hertz: number): number =>
  Math.max(...Array.from({ length: 21 }, (_, i) => share(samples, hertz * 2 ** ((i / 2 - 5) / 1200), 16_000)));

/** The tensors of a run's last checkpoint, at 32 images, as bytes. */
const saved = (of: string): Buffer[] => {
  const last = join(of, 'checkpoints', readdirSync(join(of, 'checkpoints')).sort().at(-1) ?? '');
  expect(last).toMatch(/step-0*32$/);
  return readdirSync(last)
    .filter((name) => !name.endsWith('.json'))
    .map((name) => readFileSync(join(last, name)));
};

describe('examples', () => {
  it('write a chord of the notes asked for', () => {
    const file = join(folder, 'chord.wav');
    expect(run('node/chord.mjs', 'flute', 'C4,F#4', file)).toContain('4.0 s of C4,F#4 by the flute');
    const bytes = readFileSync(file);
    expect(bytes.length).toBe(44 + 2 * 64_000);
    const samples = new Int16Array(bytes.buffer.slice(bytes.byteOffset + 44, bytes.byteOffset + bytes.length));
    for (const hertz of [261.63, 369.99]) expect(shareInTune(samples, hertz), `${hertz} Hz`).toBeGreaterThan(0.2);
    for (const hertz of [277.18, 349.23]) expect(shareInTune(samples, hertz), `${hertz} Hz`).toBeLessThan(0.02);
  });

  it('refuse what the model cannot play, saying what it can', () => {
    expect(() => run('node/chord.mjs', 'tuba')).toThrow(
      /tuba: expected an instrument of this model \(piano, .*flute.*\), found another/,
    );
    expect(() => run('node/chord.mjs', 'flute', 'C9', join(folder, 'none.wav'))).toThrow(
      /pitch 120: expected one that the model knows, 36 to 84 \(C2 to C6\)/,
    );
  });

  it('train an experiment that is composed from the packages, stopped and resumed as if it never had been, and score its notes', () => {
    const sounds = join(root, 'packages/cli/demo-notes/audio');
    const [straight, stopped] = [join(folder, 'straight'), join(folder, 'stopped')];
    expect(run('node/experiment.mjs', sounds, straight, '32')).toMatch(/^on .*(WebAssembly|tfjs-node).*\n.*39 notes, 0 refused/);
    run('node/experiment.mjs', sounds, stopped, '16');
    expect(run('node/experiment.mjs', sounds, stopped, '32')).toContain('going on at 16 images');
    expect(saved(stopped).length).toBeGreaterThan(0);
    expect(saved(stopped)).toEqual(saved(straight));
    expect(readdirSync(stopped).filter((name) => name.includes('tfevents'))).toHaveLength(2);
    expect(readFileSync(join(stopped, 'notes', 'import-report.json'), 'utf8')).toContain('mallet_acoustic_812-060-100.wav');

    const scores = run('node/score.mjs', sounds, join(stopped, 'heard'), '20');
    expect(scores).toContain('39 real notes, 3 generated ones');
    for (const score of ['NDB', 'inception', 'pitch accuracy']) expect(scores.toLowerCase()).toContain(score.toLowerCase());
  });

  it('build a page that brings the model and the backend with it', () => {
    const page = join(folder, 'page');
    run(join(root, 'node_modules/vite/bin/vite.js'), 'build', 'keyboard', '--outDir', page, '--logLevel', 'error');
    const assets = readdirSync(join(page, 'assets'));
    for (const part of [
      /^embedded-.*\.js$/, // the model
      /^tfjs-backend-wasm-simd-.*\.wasm$/,
      /^synth-worker-.*\.js$/,
    ])
      expect(
        assets.filter((name) => part.test(name)),
        String(part),
      ).toHaveLength(1);
    expect(readFileSync(join(page, 'index.html'), 'utf8')).toContain('./assets/index-');
  });
});
