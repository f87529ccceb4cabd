import { describe, expect, it } from 'vitest';
import { parseJson } from './json.js';

describe('parseJson', () => {
  it('passes over a byte order mark, in a text and in bytes', () => {
    expect(parseJson('\uFEFF{"a":1}')).toEqual({ a: 1 });
    expect(parseJson(new TextEncoder().encode('\uFEFF[1]'))).toEqual([1]);
    expect(parseJson(Uint8Array.of(0xef, 0xbb, 0xbf, 0x33))).toBe(3);
  });

  it('refuses a million brackets with a message, not by exhausting the stack', () => {
    for (const open of ['[', '{"a":']) expect(() => parseJson(open.repeat(1_000_000))).toThrow(/at most 100 levels/);
    expect(parseJson(`${'['.repeat(100)}${']'.repeat(100)}`)).toBeDefined();
  });

  it('does not count brackets in strings, whatever they hide behind', () => {
    const text = String.raw`"\"${'['.repeat(200)}\\"`;
    expect(parseJson(text)).toBe(`"${'['.repeat(200)}\\`);
  });

  it('says where a text stops being JSON', () => {
    expect(() => parseJson('{"a":}')).toThrow(SyntaxError);
    expect(() => parseJson('')).toThrow(SyntaxError);
  });
});
