import { expect } from 'vitest';
import type { Row } from '../row.js';
import { put, putWav, tone } from '../sounds.js';

export const row: Row = {
  about: 'rows of a table that differ from the file in case or slashes count; a row without a file is reported',
  make(folder) {
    // Labels that the sounds do not bear out, so that a pitch can only come from the table.
    putWav(folder, 'one.wav', tone(57));
    putWav(folder, 'two.wav', tone(58));
    putWav(folder, 'sub/four.wav', tone(59));
    put(folder, 'labels.csv', 'file,pitch\none.wav,45\nTwo.wav,46\nsub\\four.wav,47\nmissing.wav,50\n');
  },
  async check(bench) {
    const { status, file, stdout, report } = await bench.import();
    expect(status).toBe(0);
    expect(file('one.wav').pitch).toBe(45);
    expect(file('two.wav').pitch).toBe(46);
    expect(file('four.wav').pitch).toBe(47);
    expect(stdout).toContain('missing.wav');
    expect(report.warnings?.join('\n')).toContain('missing.wav');
  },
};
