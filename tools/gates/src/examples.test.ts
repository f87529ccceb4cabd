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

describe('examples', () => {
  it('write a chord of the notes asked for', () => {
    const file = join(folder, 'chord.wav');
    expect(run('node/chord.mjs', 'clarinet', 'C4,F#4', file)).toContain('2.0 s of C4,F#4 by the clarinet');
    const bytes = readFileSync(file);
    expect(bytes.length).toBe(44 + 2 * 32_000);
    const samples = new Int16Array(bytes.buffer.slice(bytes.byteOffset + 44, bytes.byteOffset + bytes.length));
    for (const hertz of [261.63, 369.99]) expect(share(samples, hertz, 16_000), `${hertz} Hz`).toBeGreaterThan(0.1);
    for (const hertz of [277.18, 349.23]) expect(share(samples, hertz, 16_000), `${hertz} Hz`).toBeLessThan(0.02);
  });

  it('refuse what the model cannot play, saying what it can', () => {
    expect(() => run('node/chord.mjs', 'tuba')).toThrow(
      /tuba: expected an instrument of this model \(piano, .*flute.*\), found another/,
    );
    expect(() => run('node/chord.mjs', 'flute', 'C9', join(folder, 'none.wav'))).toThrow(
      /pitch 120: expected one that the model knows, 48 to 72 \(C3 to C5\)/,
    );
  });

  it('build a page that brings the model and the backend with it', () => {
    const page = join(folder, 'page');
    run(join(root, 'node_modules/vite/bin/vite.js'), 'build', 'keyboard', '--outDir', page, '--logLevel', 'error');
    const assets = readdirSync(join(page, 'assets'));
    for (const part of [
      /^gansynth-.*\.json$/,
      /^group1-shard1of1-.*\.bin$/,
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
