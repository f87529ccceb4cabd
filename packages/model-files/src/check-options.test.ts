import { describe, expect, it } from 'vitest';
import { httpFiles } from './index.js';
import { folderSink } from './node.js';

describe('options that there are not', () => {
  it('are refused where models come from and go to', () => {
    expect(() => httpFiles('http://localhost/', { chache: 1 } as never)).toThrow(/httpFiles: .*Did you mean cache\?/);
    expect(() => folderSink('/tmp/x', { entyr: 'a' } as never)).toThrow(/folderSink: .*Did you mean entry\?/);
  });
});
