import { describe, expect, it } from 'vitest';
import { readSound, writeJsonWav, writeTFRecord } from './index.js';

describe('options that there are not', () => {
  it.each<[name: string, call: () => unknown]>([
    ['writeJsonWav', () => writeJsonWav('/nowhere', [], { singal: 1 } as never)],
    ['writeTFRecord', () => writeTFRecord('/nowhere/x', [], { singal: 1 } as never)],
    ['readSound', () => readSound('/nowhere/x.wav', { singal: 1 } as never)],
  ])('are refused by %s before it touches a file', async (_name, call) => {
    await expect((async () => call())()).rejects.toThrow(/found "singal"/);
  });
});
