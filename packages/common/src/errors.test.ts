import { describe, expect, it } from 'vitest';
import { categoryOf, defineErrors, detailOf, GansynthError, messageOf, systemCodeOf } from './errors.js';

/** Stands for one copy of a package: evaluated twice, it gives two copies. */
function copy() {
  const define = defineErrors('zoo');
  class ZooError extends GansynthError {
    static {
      define(this, 'ZooError');
    }
  }
  class HungryError extends ZooError {
    static {
      define(this, 'HungryError', 'busy');
    }
    constructor(
      message: string,
      readonly found: number,
    ) {
      super(message);
    }
  }
  class TiredError extends HungryError {
    static {
      define(this, 'TiredError');
    }
  }
  return { ZooError, HungryError, TiredError };
}

describe('errors', () => {
  const { ZooError, HungryError, TiredError } = copy();

  it('carries its name, its package once, its category and the value found', () => {
    const error = new HungryError('feed: expected 3 apples, found 2.', 2);
    expect(error).toBeInstanceOf(Error);
    expect([error.name, error.message, error.category, error.found]).toEqual([
      'HungryError',
      'zoo: feed: expected 3 apples, found 2.',
      'busy',
      2,
    ]);
    expect(String(error)).toBe('HungryError: zoo: feed: expected 3 apples, found 2.');
    expect(error.stack).toContain('feed: expected');
    expect(detailOf(error)).toBe('expected 3 apples, found 2.');
  });

  it('inherits its category from the class above, input where there is none', () => {
    expect(new ZooError('x').category).toBe('input');
    expect(new TiredError('x', 1).category).toBe('busy');
  });

  it('is known across copies of a package, by class and the classes above it', () => {
    const other = new (copy().HungryError)('x', 1);
    expect(other).not.toBeInstanceOf(HungryError);
    expect(HungryError.isInstance(other)).toBe(true);
    expect(ZooError.isInstance(other)).toBe(true);
    expect(TiredError.isInstance(other)).toBe(false);
    expect(HungryError.isInstance(new ZooError('x'))).toBe(false);
    expect(categoryOf(other)).toBe('busy');
    expect(GansynthError.isInstance(other)).toBe(true);
  });

  it('asks without `this`, as a callback does', () => {
    const { isInstance } = HungryError;
    expect([new HungryError('x', 1), new ZooError('x'), new TiredError('x', 2), null].map(isInstance)).toEqual([
      true,
      false,
      true,
      false,
    ]);
  });

  it('does not take strangers for its own', () => {
    for (const stranger of [undefined, null, 'text', 3, new Error('x'), { name: 'HungryError' }]) {
      expect(HungryError.isInstance(stranger)).toBe(false);
      expect(categoryOf(stranger)).toBeUndefined();
    }
  });

  it('keeps the cause, and an application can do without a prefix', () => {
    const define = defineErrors('shop', '');
    class ShopError extends GansynthError {
      static {
        define(this, 'ShopError', 'environment');
      }
    }
    const cause = new Error('inner');
    const error = new ShopError('closed', { cause });
    expect([error.message, error.cause, error.category]).toEqual(['closed', cause, 'environment']);
  });
});

describe('errors of others', () => {
  it('have the code of the system where it gave one, and a message in any case', () => {
    const missing = Object.assign(new Error('no such file'), { code: 'ENOENT' });
    expect([missing, new Error('x'), Object.assign(new Error('x'), { code: 3 }), 'text', null].map(systemCodeOf)).toEqual([
      'ENOENT',
      undefined,
      undefined,
      undefined,
      undefined,
    ]);
    expect([missing, 'text', null].map(messageOf)).toEqual(['no such file', 'text', 'null']);
  });
});
