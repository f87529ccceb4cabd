import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { temporaryFolder } from '../../test/collection.js';
import { readSidecar } from './sidecar.js';

const folder = temporaryFolder();
const table = (text: string, files: readonly string[], name = 'labels.csv') => {
  writeFileSync(join(folder, name), text);
  return readSidecar(join(folder, name), files);
};

describe('readSidecar', () => {
  it.each([
    ['one.wav', 'one.wav'],
    ['one', 'one.wav'],
    ['ONE.WAV', 'one.wav'],
    ['./one.wav', 'one.wav'],
    ['/one.wav', 'one.wav'],
    [' one.wav ', 'one.wav'],
    ['one.aiff', 'one.wav'],
    ['sub\\four.wav', 'sub/four.wav'],
    ['.\\Sub\\Four', 'sub/four.wav'],
    ['sub//four.wav', 'sub/four.wav'],
    ['four.wav', 'sub/four.wav'],
    ['a  long   name.wav', 'a long name.wav'],
    ['a\u00a0long name.wav', 'a long name.wav'],
    ['Ka\u0308se.wav', 'K\u00e4se.wav'],
    ['K\u00c4SE', 'Ka\u0308se.wav'],
  ])('takes a row %j for the file %j', async (row, file) => {
    const { labels, has, unmatched } = await table(`file,pitch\n"${row}",45\n`, [file, 'other.wav']);
    expect(labels(file)).toEqual({ pitch: 45 });
    expect(labels('other.wav')).toBeUndefined();
    expect([has(file), has('other.wav'), unmatched]).toEqual([true, false, []]);
  });

  it('reports rows of files that are not there, and those in doubt', async () => {
    const text = 'file,pitch\nmissing.wav,50\nTWO.wav,51\na/x.wav,52\n';
    const { labels, unmatched } = await table(text, ['two.wav', 'Two.wav', 'a/x.wav']);
    expect(unmatched).toEqual(['missing.wav', 'TWO.wav']);
    expect(labels('two.wav')).toBeUndefined();
    expect(labels('a/x.wav')).toEqual({ pitch: 52 });
  });

  it('prefers what is written exactly, and lets a bare name hold for every file of that name', async () => {
    const text = 'file,pitch\nTwo.wav,50\ntwo.wav,51\nC4,60\n';
    const { labels, unmatched } = await table(text, ['two.wav', 'flute/C4.wav', 'piano/C4.wav']);
    expect(labels('two.wav')).toEqual({ pitch: 51 });
    expect(labels('flute/C4.wav')).toEqual({ pitch: 60 });
    expect(labels('piano/C4.wav')).toEqual({ pitch: 60 });
    expect(unmatched).toEqual(['Two.wav']);
  });

  it('refuses a file of which two rows say different things', async () => {
    const { labels } = await table('file,pitch\na.wav,50\na.wav,51\nb.wav,50\nb.wav,50\n', ['a.wav', 'b.wav']);
    expect(() => labels('a.wav')).toThrow(/labels.csv: a.wav: expected one row for a file, found several that differ/);
    expect(labels('b.wav')).toEqual({ pitch: 50 });
  });

  it.each([
    ['semicolons', 'file;pitch\r\na.wav;50\r\n'],
    ['tabs and a byte order mark', '\ufefffile\tpitch\na.wav\t50\n'],
    ['old line ends', 'pitch,File\r50,a.wav\r'],
    ['commas and quotes', '"file" , "pitch"\n"a.wav" , 50\n'],
  ])('reads a table with %s', async (_, text) => {
    expect((await table(text, ['a.wav'])).labels('a.wav')).toEqual({ pitch: 50 });
  });

  it('reads JSON, with a byte order mark as well', async () => {
    const { labels } = await table('\ufeff{"A.wav": {"pitch": 50}}', ['a.wav'], 'labels.json');
    expect(labels('a.wav')).toEqual({ pitch: 50 });
  });
});
