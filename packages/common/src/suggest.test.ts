import { describe, expect, it } from 'vitest';
import { editDistance, suggest } from './suggest.js';

describe('suggestions', () => {
  it('count insertions, deletions, replacements and swaps', () => {
    expect(editDistance('kitten', 'sitting')).toBe(3);
    expect(editDistance('batch', 'bacth')).toBe(1);
    expect(editDistance('', 'abc')).toBe(3);
  });

  it('are made only when near', () => {
    expect(suggest('learning_rate', ['learningRate', 'drift'])).toBe('learningRate');
    expect(suggest('zzzzzzzz', ['learningRate', 'drift'])).toBeUndefined();
    expect(suggest('x', [])).toBeUndefined();
  });

  it('take no time for a name of any length', () => {
    expect(suggest('x'.repeat(1_000_000), ['learningRate'])).toBeUndefined();
  });
});
