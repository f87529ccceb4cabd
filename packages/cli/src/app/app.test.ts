import { Writable } from 'node:stream';
import { describe, expect, it } from 'vitest';
import { createProgress, duration } from './progress.js';
import { table } from './table.js';
import { pitch, pitches, pitchName } from './values.js';

describe('values of options', () => {
  it('are pitches by number or name, lists and ranges', () => {
    expect(pitch('C4')).toBe(60);
    expect(pitch('bb2')).toBe(46);
    expect(['Cb4', 'E#3', 'Fb4', 'B#3', 'C♯4', 'C-1', 'G9'].map(pitch)).toEqual([59, 53, 64, 60, 61, 0, 127]);
    expect(pitches('Cb4-E#4:3,C-1-2')).toEqual([59, 62, 65, 0, 1, 2]);
    expect(pitches('60,C3-E3,24-84:12')).toEqual([60, 48, 49, 50, 51, 52, 24, 36, 48, 60, 72, 84]);
    expect(pitchName(61)).toBe('C#4');
    for (const bad of ['', 'H4', '128', '-1', '60-50', '1.5', '60,,62', '0x3c', '6e1', 'C10', 'Cb-1'])
      expect(() => pitches(bad), bad).toThrow();
  });
});

const shown = (style: 'bar' | 'lines' | 'none') => {
  let text = '';
  let time = 0;
  const stream = new Writable({
    write(chunk: Buffer, _encoding, done) {
      text += chunk.toString();
      done();
    },
  });
  const step = createProgress({ stream, style, now: () => time }).start('training', 100);
  for (let i = 1; i <= 100; i++) {
    time += 500;
    step.update(i, `loss ${i}`);
  }
  step.finish();
  return text;
};

describe('progress', () => {
  it('is a line now and then where nobody watches', () => {
    const lines = shown('lines').trim().split('\n');
    expect(lines).toHaveLength(6);
    expect(lines[0]).toBe('training  20%  40s left  loss 20');
    expect(lines.at(-1)).toBe('training: done in 50s');
  });

  it('redraws one line on a terminal', () => {
    expect(shown('bar')).toContain('\r\u001B[2Ktraining  ████████████░░░░░░░░░░░░  50%  25s left  loss 50');
  });

  it('knows nothing of the time that earlier sessions took, follows the speed as it is, and obeys a limit', () => {
    let [text, time] = ['', 0];
    const stream = new Writable({
      write(chunk: Buffer, _encoding, done) {
        text = chunk.toString();
        done();
      },
    });
    const left = (): string => /(\S+) left/.exec(text)?.[1] ?? '';
    const progress = createProgress({ stream, style: 'lines', every: 1, now: () => time });
    const resumed = progress.start('training', 1000, { from: 500 });
    time += 10_000;
    resumed.update(510);
    expect(left()).toBe('8m10s');
    // Ten times as fast for two minutes and more: what came before says nothing about what is ahead.
    for (let i = 1; i <= 14; i++) {
      time += 10_000;
      resumed.update(510 + 10 * i);
    }
    const fast = progress.start('training', 10_000, { from: 0 });
    for (let i = 1; i <= 10; i++) fast.update((time += 60_000) && 10 * i);
    for (let i = 1; i <= 10; i++) fast.update((time += 60_000) && 100 + 1000 * i - 900);
    expect(left()).toBe('48s');
    const limited = progress.start('training', 1e9, { limitSeconds: 60 });
    time += 20_000;
    limited.update(1);
    expect(left()).toBe('40s');
  });

  it('is nothing when quiet', () => {
    expect(shown('none')).toBe('');
  });

  it('counts in hours where it takes hours', () => {
    expect([5, 75, 3700, Number.POSITIVE_INFINITY].map(duration)).toEqual(['5s', '1m15s', '1h01m', '?']);
  });
});

describe('a table', () => {
  it('pads words to the right and numbers to the left', () => {
    expect(
      table([
        ['a', 'n'],
        ['long', 5],
        ['x', 100],
      ]),
    ).toBe('a     n\nlong    5\nx     100');
  });
});
