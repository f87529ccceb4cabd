import { describe, expect, it } from 'vitest';
import { optionCheck } from './check-options.js';

interface Options {
  readonly fftSize: number;
  readonly hop?: number;
}
const check = optionCheck((where, message) => new RangeError(`${where}: ${message}`));
const stft = (options?: Partial<Options>): void => check<Partial<Options>>('stft', options, { fftSize: true, hop: true });

describe('a check of options', () => {
  it('takes what is known, and nothing', () => {
    for (const options of [undefined, {}, { fftSize: 4 }, { fftSize: 4, hop: 2 }]) expect(() => stft(options)).not.toThrow();
  });

  it('names an unknown option, those that are known, and the one that was meant', () => {
    const typo = { fftSize: 4, hopp: 2 };
    expect(() => stft(typo)).toThrow(new RangeError('stft: expected options fftSize, hop, found "hopp". Did you mean hop?'));
    const other = { colour: 1 };
    expect(() => stft(other as object)).toThrow(/found "colour"\. Leave it out\./);
  });

  it('is not fooled by names that every object has', () => {
    for (const name of ['toString', 'constructor', '__proto__']) {
      expect(() => stft(JSON.parse(`{"${name}":1}`) as object), name).toThrow(/found/);
    }
  });
});
