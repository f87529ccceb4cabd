import { mkdirSync, readFileSync, statSync, utimesSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { deflateSync, gzipSync } from 'node:zlib';
import { describeWithGenuineNSynth, sharedPath } from '@gansynth/test-kit';
import { beforeAll, describe, expect, it } from 'vitest';
import { gzipFile, jsonOf, recordsOf, wavEntries, writeTar } from '../../test/archives.js';
import { makeNotes, type MadeNote, temporaryFolder, writeFolder } from '../../test/collection.js';
import type { Dataset } from '../dataset/dataset.js';
import { encodeExample, type FeatureValue } from './example.js';
import type { Note } from '../notes/note.js';
import { openDataset } from '../dataset/open-dataset.js';
import { encodeTFRecord } from './tfrecord.js';
import { encodeWav } from './wav.js';
import { writeJsonWav } from './write-json-wav.js';
import { writeTFRecord } from './write-tfrecord.js';

const notes = makeNotes(60, { samples: 3000 });
const folder = temporaryFolder();
const at = (name: string): string => join(folder, name);

function expectNote(note: Note, { entry, audio }: MadeNote): void {
  expect(note.metadata).toEqual(entry);
  expect(
    Buffer.compare(
      Buffer.from(note.audio.data.buffer, note.audio.data.byteOffset, note.audio.data.byteLength),
      Buffer.from(audio.buffer),
    ),
  ).toBe(0);
}

/** What must hold for every format: everything in order, anything at random, and again from the index alone. */
async function expectAll(dataset: Dataset): Promise<void> {
  const byId = new Map(notes.map((note) => [note.entry.note_str, note]));
  expect(dataset.length).toBe(notes.length);
  let count = 0;
  for await (const note of dataset.notes()) {
    expectNote(note, byId.get(note.id)!);
    count++;
  }
  expect(count).toBe(notes.length);
  for (let k = 0; k < 40; k++) {
    const note = await dataset.note((k * 23) % notes.length);
    expectNote(note, byId.get(note.id)!);
  }
  await dataset.close();
}

const records = recordsOf(notes);

beforeAll(async () => {
  writeFolder(at('folder'), notes);
  writeFileSync(at('one.tfrecord'), records);
  mkdirSync(at('shards'));
  writeFileSync(at('shards/nsynth.tfrecord-00000-of-00002'), recordsOf(notes.slice(0, 25)));
  writeFileSync(at('shards/nsynth.tfrecord-00001-of-00002'), recordsOf(notes.slice(25)));
  writeFileSync(at('shards/readme.txt'), 'not a record');
  await writeTar(at('records.tar'), [
    ['nsynth-test.tfrecord', recordsOf(notes.slice(0, 10))],
    ['README', 'text'],
    [`${'deep/'.repeat(40)}more.tfrecord`, recordsOf(notes.slice(10))],
  ]);
  await writeTar(at('first.tar'), [['nsynth-test/examples.json', jsonOf(notes)], ...wavEntries(notes)]);
  await writeTar(at('last.tar'), [...wavEntries(notes), ['nsynth-test/examples.json', jsonOf(notes)]]);
  for (const name of ['first.tar', 'last.tar', 'records.tar', 'one.tfrecord']) gzipFile(at(name));
  gzipFile(at('last.tar'), { level: 1 });
  const tar = readFileSync(at('first.tar'));
  const pieces = Array.from({ length: Math.ceil(tar.length / 10_000) }, (_, k) =>
    gzipSync(tar.subarray(k * 10_000, (k + 1) * 10_000)),
  );
  writeFileSync(at('members.tar.gz'), Buffer.concat(pieces));
});

const formats = [
  'folder',
  'one.tfrecord',
  'shards',
  'records.tar',
  'first.tar',
  'last.tar',
  'first.tar.gz',
  'last.tar.gz',
  'members.tar.gz',
  'records.tar.gz',
  'one.tfrecord.gz',
];

describe.each(formats)('%s', (name) => {
  it('gives every note, in order and at random, scanned and from its index', async () => {
    const index = at(`${name}.index`);
    await expectAll(await openDataset(at(name), { index }));
    const written = statSync(index).mtimeMs;
    const events: unknown[] = [];
    const again = await openDataset(at(name), { index, onProgress: (event) => events.push(event) });
    expect(events).toEqual([]);
    expect(statSync(index).mtimeMs).toBe(written);
    await expectAll(again);
  });
});

it('a tar archive of more records than its padding may have', async () => {
  const many = makeNotes(40, { samples: 20_000 });
  const path = await writeTar(at('large.tar'), [['nsynth-test.tfrecord', recordsOf(many)]]);
  const dataset = await openDataset(path, { index: false });
  let count = 0;
  for await (const note of dataset.notes()) expectNote(note, many[count++]!);
  expect(count).toBe(40);
});

describe('index', () => {
  it('lies beside the data unless told otherwise', async () => {
    await openDataset(at('one.tfrecord'));
    expect(statSync(at('one.tfrecord.nsynth-index.bin')).isFile()).toBe(true);
    await openDataset(at('shards'));
    expect(statSync(at('shards/nsynth-index.bin')).isFile()).toBe(true);
  });

  it('is made again when the data changed, it is damaged, or asked to', async () => {
    const [data, index] = [at('changing.tfrecord'), at('changing.index')];
    writeFileSync(data, recordsOf(notes.slice(0, 5)));
    expect((await openDataset(data, { index })).length).toBe(5);
    writeFileSync(data, recordsOf(notes.slice(0, 7)));
    expect((await openDataset(data, { index })).length).toBe(7);
    const bytes = readFileSync(index);
    bytes[200] = bytes[200]! ^ 1;
    writeFileSync(index, bytes);
    expect((await openDataset(data, { index })).length).toBe(7);
    let scanned = 0;
    await openDataset(data, { index, reindex: true, onProgress: () => scanned++ });
    expect(scanned).toBe(7);
  });

  it('notices at the note that data changed behind its back', async () => {
    const [data, index] = [at('altered.tfrecord'), at('altered.index')];
    writeFileSync(data, recordsOf(notes.slice(0, 5)));
    utimesSync(data, 1_000_000, 1_000_000);
    await openDataset(data, { index });
    const bytes = readFileSync(data);
    bytes[3000] = bytes[3000]! ^ 1;
    writeFileSync(data, bytes);
    utimesSync(data, 1_000_000, 1_000_000);
    const dataset = await openDataset(data, { index });
    await expect(dataset.note(0)).rejects.toThrow(
      /altered.tfrecord: bass_acoustic_000.*at byte 12: expected the bytes that were indexed/,
    );
    await expect(dataset.note(1)).resolves.toMatchObject({ id: notes[1]?.entry.note_str });
  });

  it('keeps what was skipped, and a strict opening does not rely on it', async () => {
    const [data, index] = [at('skipped.tfrecord'), at('skipped.index')];
    const bytes = Buffer.from(recordsOf(notes.slice(0, 5)));
    bytes[3000] = bytes[3000]! ^ 1;
    writeFileSync(data, bytes);
    for (let round = 0; round < 2; round++) {
      const dataset = await openDataset(data, { index, onBadNote: 'skip' });
      expect(dataset.length).toBe(4);
      expect(dataset.rejected).toMatchObject({ count: 1, faults: [{ file: data, record: 'record 0', offset: 0 }] });
    }
    await expect(openDataset(data, { index })).rejects.toThrow(/skipped.tfrecord: record 0: at byte 0: expected data that agree/);
  });
});

const shard = (number: number, total = 3, end = ''): string =>
  `nsynth.tfrecord-${String(number).padStart(5, '0')}-of-${String(total).padStart(5, '0')}${end}`;
const put = (name: string, files: Readonly<Record<string, Uint8Array>>): string => {
  mkdirSync(at(name));
  for (const [file, content] of Object.entries(files)) writeFileSync(join(at(name), file), content);
  return at(name);
};
const part = (index: number): Buffer => recordsOf(notes.slice(20 * index, 20 * index + 20));

const openOdd = (content: Uint8Array): Promise<Dataset> => {
  writeFileSync(at('odd.tfrecord'), content);
  return openDataset(at('odd.tfrecord'), { index: false });
};

describe('TFRecords that are not all there, or not as they should be', () => {
  it('are refused where shards are missing, or mentioned', async () => {
    const path = put('gap', { [shard(0)]: part(0), [shard(2)]: part(2) });
    const message = `expected 3 shards, found 2: ${shard(1)} is missing`;
    await expect(openDataset(path)).rejects.toThrow(message);
    for (let round = 0; round < 2; round++) {
      const dataset = await openDataset(path, { onBadNote: 'skip' });
      expect(dataset.length).toBe(40);
      expect(dataset.rejected.faults).toMatchObject([
        { file: join(path, shard(0)), reason: expect.stringContaining(message) as string },
      ]);
    }
    // The index of what was skipped does not hide it, and the shard that comes is read.
    await expect(openDataset(path)).rejects.toThrow(message);
    writeFileSync(join(path, shard(1)), part(1));
    expect((await openDataset(path)).length).toBe(60);
    expect((await openDataset([join(path, shard(0)), join(path, shard(2))], { index: false })).length).toBe(40);
  });

  it('are refused where many are missing, or numbers are beyond the last', async () => {
    const many = put('many', { [shard(7, 100)]: part(0) });
    await expect(openDataset(many)).rejects.toThrow(
      /expected 100 shards, found 1: nsynth\.tfrecord-00000-of-00100, .* and 96 more are missing/,
    );
    const beyond = put('beyond', { [shard(0, 1)]: part(0), [shard(1, 1)]: part(1) });
    await expect(openDataset(beyond)).rejects.toThrow(/expected shards numbered from 0 to 0, found number 1/);
  });

  it('are refused where an archive lacks a shard', async () => {
    const path = await writeTar(at('gap.tar'), [[`x/${shard(0, 2)}`, part(0)]]);
    await expect(openDataset(path, { index: false })).rejects.toThrow(`x/${shard(1, 2)} is missing`);
    expect((await openDataset(path, { index: false, onBadNote: 'skip' })).length).toBe(20);
    const packed = await writeTar(at('packed.tar'), [
      ['a.tfrecord', part(0)],
      ['b.tfrecord.gz', gzipSync(part(1))],
    ]);
    await expect(openDataset(packed, { index: false })).rejects.toThrow(/b\.tfrecord\.gz: .*found compressed ones\. Unpack/);
  });

  it('are read compressed with gzip from a folder, as shards too', async () => {
    const files = [0, 1, 2].map((index) => [shard(index, 3, '.gz'), gzipSync(part(index))] as const);
    await expectAll(await openDataset(put('packed', Object.fromEntries(files))));
    await expectAll(
      await openDataset(put('one-packed', { 'train.tfrecord.gz': gzipSync(records), '._train.tfrecord.gz': Buffer.from('x') })),
    );
  });

  it('are named as what they are: zlib, other files, audio as integers or in other codings', async () => {
    for (const level of [1, 6, 9])
      await expect(openOdd(deflateSync(records, { level }))).rejects.toThrow(/found zlib data: zlib is not read\. Unpack it/);
    await expect(openOdd(Buffer.from('<!DOCTYPE html><html></html>'))).rejects.toThrow(/found a web page/);
    await expect(openOdd(Buffer.from('{"a": 1}'))).rejects.toThrow(/found JSON/);
    await expect(openOdd(encodeWav(new Float32Array(300), 16_000))).rejects.toThrow(/found a WAV file/);
    const labels = {
      note_str: [Buffer.from('x-060-100')],
      pitch: [60],
      velocity: [100],
      instrument_family: [3],
      instrument_source: [0],
    };
    const withAudio = (audio: FeatureValue): Uint8Array => encodeTFRecord(encodeExample({ ...labels, audio }));
    const samples = Array.from({ length: 5000 }, (_, index) => (index % 200) - 100);
    await expect(openOdd(withAudio(samples))).rejects.toThrow(/found audio as integers\. Divide them/);
    await expect(openOdd(withAudio(samples.slice(0, 900)))).rejects.toThrow(/found audio as integers/);
    await expect(openOdd(withAudio([Buffer.from('fLaC and more')]))).rejects.toThrow(/found FLAC/);
    await expect(openOdd(withAudio([Buffer.alloc(64)]))).rejects.toThrow(/found 64 bytes of something else/);
    await expect(openOdd(withAudio([]))).rejects.toThrow(/expected audio as a list of floats or a WAV file, found/);
  });
});

describe('writers', () => {
  it('give back what was read, in both formats', async () => {
    const dataset = await openDataset(at('one.tfrecord'), { index: false });
    expect(await writeJsonWav(at('written'), dataset.notes())).toBe(60);
    await expectAll(await openDataset(at('written'), { index: false }));
    const again = await openDataset(at('written'), { index: false });
    expect(await writeTFRecord(at('written.tfrecord'), again.notes())).toBe(60);
    expect(Buffer.compare(readFileSync(at('written.tfrecord')), records)).toBe(0);
  });

  it('fill in what is left out of the labels', async () => {
    const audio = Float32Array.of(0.5, -0.25);
    const metadata = {
      note_str: 'my_harp-060-100',
      pitch: 60,
      velocity: 100,
      sample_rate: 16000,
      instrument_family_str: 'string',
      instrument_source_str: 'acoustic',
    } as const;
    await writeJsonWav(at('short'), [{ audio, metadata }]);
    const note = await (await openDataset(at('short'), { index: false })).note(0);
    expect(note).toMatchObject({ id: 'my_harp-060-100', instrument: 'my_harp', family: 'string', qualities: [] });
    expect([...note.audio.data]).toEqual([0.5, -0.25]);
    await expect(writeJsonWav(at('nan'), [{ audio: Float32Array.of(Number.NaN), metadata }])).rejects.toThrow(
      /found NaN at sample 0/,
    );
  });

  it('refuse what a reader would refuse, and leave no half collection behind', async () => {
    const dataset = await openDataset(at('one.tfrecord'), { index: false });
    const note = await dataset.note(0);
    const wrong = { ...note, metadata: { ...note.metadata, pitch: 200 } };
    await expect(writeJsonWav(at('wrong'), [note, wrong])).rejects.toThrow(/pitch to be a whole number from 0 to 127, found 200/);
    expect(() => statSync(at('wrong'))).toThrow(/ENOENT/);
    expect(await writeJsonWav(at('none/at/all'), [])).toBe(0);
    expect(() => statSync(at('none'))).toThrow(/ENOENT/);
    await expect(writeTFRecord(at('wrong.tfrecord'), [note, wrong])).rejects.toThrow(/found 200/);
    expect(() => statSync(at('wrong.tfrecord'))).toThrow(/ENOENT/);
    await expect(writeJsonWav(at('written'), [note])).rejects.toThrow(/expected a folder without examples.json/);
    await expect(writeJsonWav(at('twice'), [note, note])).rejects.toThrow(/every note once/);
  });
});

describeWithGenuineNSynth('NSynth as TFRecord', () => {
  it('equals the same notes as WAV', async () => {
    const records = await openDataset(sharedPath('data/nsynth-genuine/nsynth-genuine-4.tfrecord'), { index: false });
    const wavs = await openDataset(sharedPath('data/nsynth-genuine'), { index: false });
    expect(records.length).toBe(4);
    for await (const note of records.notes()) {
      const wav = await wavs.note(note.id);
      expect(note.metadata).toEqual(wav.metadata);
      expect(Buffer.compare(Buffer.from(note.audio.data.buffer), Buffer.from(wav.audio.data.buffer))).toBe(0);
    }
  });
});
