import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { expect } from 'vitest';
import type { Row } from '../row.js';
import { put } from '../sounds.js';

const fixture = (name: string): Buffer =>
  readFileSync(fileURLToPath(new URL(`../../../../packages/nsynth-data/test/fixtures/${name}`, import.meta.url)));

export const row: Row = {
  about: 'sounds that end early are no sounds; a tag before one does no harm',
  make(folder) {
    const tag = Buffer.concat([Buffer.from('ID3\u0003\0\0\0\0\0\u0074', 'latin1'), Buffer.alloc(116)]);
    put(folder, 'id3v2_before.flac', Buffer.concat([tag, fixture('a3.flac')]));
    put(folder, 'cut_in_last_page.oga', fixture('a3.ogg').subarray(0, -300));
    put(folder, 'cut.mp3', fixture('a3.mp3').subarray(0, -1000));
  },
  async check(bench) {
    const { report, file } = await bench.import();
    expect(report).toMatchObject({ imported: 1, refused: 2 });
    expect([57, 69]).toContain(file('id3v2_before.flac').pitch);
    for (const name of ['cut_in_last_page.oga', 'cut.mp3']) expect(file(name).reason).toMatch(/cut short/);
  },
};
