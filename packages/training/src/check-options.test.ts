import { describe, expect, it } from 'vitest';
import { adam, ema, progressMeter } from './index.js';

describe('options that there are not', () => {
  it.each<[name: string, call: () => unknown, meant: string]>([
    ['ema', () => ema({ deacy: 0.5 } as never), 'decay'],
    ['progressMeter', () => progressMeter({ know: Date.now } as never), 'now'],
    ['adam', () => adam({ learninRate: 1 } as never), 'learningRate'],
  ])('are refused by %s', (_name, call, meant) => {
    expect(call).toThrow(new RegExp(`Did you mean ${meant}\\?`));
  });
});
