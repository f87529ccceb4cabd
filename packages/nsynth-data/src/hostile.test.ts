import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { describe, expect, it } from 'vitest';
import { jsonOf, wavEntries, writeTar } from '../test/archives.js';
import { makeNotes, temporaryFolder, writeFolder } from '../test/collection.js';
import { expectSound } from '../test/hostile.js';
import { mutants } from '@gansynth/test-kit';
import { importFolder } from './import/import-folder.js';
import { openDataset } from './dataset/open-dataset.js';
import { encodeWav } from './formats/wav.js';

const folder = temporaryFolder();
const notes = makeNotes(4, { samples: 60 });
const [first] = notes as [(typeof notes)[0], ...typeof notes];

const put = (name: string, content: Uint8Array): string => {
  writeFileSync(join(folder, name), content);
  return join(folder, name);
};

const tar = readFileSync(
  await writeTar(join(folder, 'clean.tar'), [['x/examples.json', jsonOf(notes)], ...wavEntries(notes, 'x')]),
);
describe('hostile archives', () => {
  const wav = encodeWav(first.audio, 16000);
  const id = first.entry.note_str;
  const listing = jsonOf([first]);

  it.each(['../../audio/escaped.wav', '/etc/audio/escaped.wav', 'x/../../audio/escaped.wav', 'C:\\audio\\escaped.wav'])(
    'refuse an entry that climbs out: %s',
    async (name) => {
      const path = await writeTar(join(folder, 'climbing.tar'), [
        ['x/examples.json', listing],
        [`x/audio/${id}.wav`, wav],
        [name, wav],
      ]);
      await expect(openDataset(path, { index: false })).rejects.toThrow(
        /climbing.tar: .*escaped.wav: at byte \d+: expected a path inside the archive/,
      );
      const dataset = await openDataset(path, { index: false, onBadNote: 'skip' });
      expect([dataset.length, dataset.rejected.count]).toEqual([1, 1]);
    },
  );

  it('refuse a note name that climbs out of the folder', async () => {
    const own = writeFolder(join(folder, 'climbing'), [first]);
    writeFileSync(join(own, 'examples.json'), jsonOf([{ ...first, entry: { ...first.entry, note_str: '../../secret' } }]));
    await expect(openDataset(own, { index: false })).rejects.toThrow(
      /expected note_str to be a plain file name, found "..\/..\/secret"/,
    );
  });

  it('refuse an endless stream of zeros after the archive, and a bomb inside it', async () => {
    const zeros = Buffer.alloc(64 << 20);
    const path = put('bomb.tar.gz', gzipSync(Buffer.concat([tar, zeros])));
    await expect(openDataset(path, { index: false })).rejects.toThrow(/expected nothing after the end of the archive/);
    const big = await writeTar(join(folder, 'big.tar'), [
      [`x/audio/${id}.wav`, zeros],
      ['x/examples.json', listing],
    ]);
    await expect(
      openDataset(put('big.tar.gz', gzipSync(readFileSync(big))), { index: false, maxNoteBytes: 1 << 20 }),
    ).rejects.toThrow(/expected at most 1048576 bytes for one note, found 67108864/);
  });

  it('refuse what is no file, and a file without notes', async () => {
    await expect(openDataset('/dev/zero', { index: false })).rejects.toThrow(
      /\/dev\/zero: expected a plain file, found a folder, pipe or device/,
    );
    await expect(openDataset(put('empty.tfrecord', Buffer.alloc(0)), { index: false })).rejects.toThrow(
      /empty.tfrecord: expected notes, found an empty file/,
    );
    mkdirSync(join(folder, 'nothing'));
    await expect(openDataset(join(folder, 'nothing'))).rejects.toThrow(/without either/);
    writeFileSync(join(folder, 'nothing', 'examples.json'), '{}');
    await expect(openDataset(join(folder, 'nothing'))).rejects.toThrow(/expected notes, found none/);
  });

  const lies: [string, Record<string, unknown>, RegExp][] = [
    ['another rate', { sample_rate: 44100 }, /expected sample_rate 16000, found 44100/],
    ['a pitch that is not in its name', { pitch: 99 }, /expected pitch \d+ and velocity \d+ as in the name, found 99/],
    [
      'a family that is not its number',
      { instrument_family: 5 },
      /expected instrument_family 0 for instrument_family_str "bass", found 5/,
    ],
    ['qualities that are not their names', { qualities_str: ['reverb'] }, /qualities_str to name the qualities that are 1/],
    ['another name', { note_str: 'someone_else' }, /as the key, found "someone_else"/],
    ['no pitch', { pitch: undefined }, /expected pitch to be a whole number from 0 to 127, found undefined/],
  ];
  it.each(lies)('refuse labels that lie: %s', async (_, lie, message) => {
    const own = writeFolder(join(folder, 'lying'), [first]);
    writeFileSync(join(own, 'examples.json'), JSON.stringify({ [id]: { ...first.entry, ...lie } }));
    await expect(openDataset(own, { index: false })).rejects.toThrow(message);
  });

  const sounds: [string, Uint8Array, RegExp][] = [
    [
      'another rate',
      encodeWav(first.audio, 44100),
      /expected 16000 Hz mono as its labels say, found 44100 Hz mono. Convert the sounds first, by an import/,
    ],
    ['no samples', encodeWav(new Float32Array(), 16000), /expected samples, found none/],
    ['its end missing', wav.subarray(0, 100), /expected 120 bytes of samples, found 56: the file is cut short/],
    ['other content', Buffer.from('ID3 not a wav file at all'), /expected a WAV file, found 25 bytes/],
  ];
  it.each(sounds)('refuse a sound with %s', async (_, content, message) => {
    const own = writeFolder(join(folder, 'wrong-sound'), [first]);
    writeFileSync(join(own, 'audio', `${id}.wav`), content);
    await expect(openDataset(own, { index: false })).rejects.toThrow(message);
    await expect(openDataset(own, { index: false })).rejects.toThrow(join(own, 'audio', `${id}.wav`));
  });

  it('are named with file, record and offset, and importFolder is not stopped by any of them', async () => {
    const from = join(folder, 'import');
    mkdirSync(from);
    let number = 0;
    for (const mutant of mutants(wav, 60, 13)) writeFileSync(join(from, `m60 ${number++}.wav`), mutant);
    const report = await importFolder(from, { to: join(folder, 'imported'), seconds: 0.01 });
    expect(report.files).toHaveLength(60);
    expect(report.imported).toBeGreaterThan(0);
    expect(report.refused).toBeGreaterThan(0);
    for await (const note of (await openDataset(join(folder, 'imported'), { index: false })).notes())
      expectSound(note.audio.data);
  });
});
