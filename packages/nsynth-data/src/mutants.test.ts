import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { describe, expect, it } from 'vitest';
import { jsonOf, recordsOf, wavEntries, writeTar } from '../test/archives.js';
import { makeNotes, temporaryFolder, writeFolder } from '../test/collection.js';
import { expectClear, expectLabels, expectSound } from '../test/hostile.js';
import { mutants } from '@gansynth/test-kit';
import { encodeExample } from './formats/example.js';
import { encodeExampleNote } from './formats/example-note.js';
import { readSidecar } from './import/sidecar.js';
import type { NSynthMetadata } from './notes/note.js';
import { openDataset } from './dataset/open-dataset.js';
import { readSplitFile } from './dataset/split.js';
import { encodeTFRecord } from './formats/tfrecord.js';
import { encodeWav } from './formats/wav.js';

const folder = temporaryFolder();
const notes = makeNotes(4, { samples: 60 });
const [first] = notes as [(typeof notes)[0], ...typeof notes];
const example = encodeExampleNote(first.entry as unknown as NSynthMetadata, first.audio);

interface Outcome {
  errors: number;
  valid: number;
  rejected: number;
}

/** Opens a mutant strictly and leniently; every note that comes out is checked. */
async function examine(path: string, outcome: Outcome): Promise<void> {
  for (const onBadNote of ['throw', 'skip'] as const) {
    try {
      const dataset = await openDataset(path, { index: false, onBadNote });
      for await (const note of dataset.notes()) {
        expectLabels(note);
        expectSound(note.audio.data);
      }
      await dataset.close();
      if (onBadNote === 'throw') outcome.valid++;
      else if (dataset.rejected.count > 0) outcome.rejected++;
      for (const { file, reason } of dataset.rejected.faults)
        if (!file.startsWith(folder) || !/expected .*found|left out/s.test(reason))
          expect.fail(`not a clear report: ${file}: ${reason}`);
    } catch (error) {
      expectClear(error, folder);
      outcome.errors++;
    }
  }
}

/** Every mutant ends in a clear error or in valid notes; enough of them end in an error for the test to mean something. */
async function examineAll(
  original: Uint8Array,
  count: number,
  seed: number,
  place: (mutant: Buffer) => string | Promise<string>,
): Promise<void> {
  const outcome: Outcome = { errors: 0, valid: 0, rejected: 0 };
  for (const mutant of mutants(original, count, seed)) await examine(await place(mutant), outcome);
  expect(outcome.errors).toBeGreaterThan(count / 10);
}

const put = (name: string, content: Uint8Array): string => {
  writeFileSync(join(folder, name), content);
  return join(folder, name);
};

const records = recordsOf(notes);
const tar = readFileSync(
  await writeTar(join(folder, 'clean.tar'), [['x/examples.json', jsonOf(notes)], ...wavEntries(notes, 'x')]),
);
const tarOfRecords = readFileSync(await writeTar(join(folder, 'records.tar'), [['a.tfrecord', records]]));

describe('mutants', () => {
  it('of TFRecord files', () => examineAll(records, 700, 1, (mutant) => put('m.tfrecord', mutant)));
  it('of TFRecord data whose checksums are right', () =>
    examineAll(example, 1500, 2, (mutant) => put('m.tfrecord', encodeTFRecord(mutant))));
  it('of WAV files inside records', () => {
    const labels = {
      note_str: [Buffer.from('x-060-100')],
      pitch: [60],
      velocity: [100],
      instrument_family: [3],
      instrument_source: [0],
    };
    const place = (mutant: Buffer): string => put('m.tfrecord', encodeTFRecord(encodeExample({ ...labels, audio: [mutant] })));
    return examineAll(encodeWav(first.audio, 16000), 500, 3, place);
  });
  it('of tar archives of json and wav', () => examineAll(tar, 700, 4, (mutant) => put('m.tar', mutant)));
  it('of tar archives of TFRecords', () => examineAll(tarOfRecords, 500, 5, (mutant) => put('m.tar', mutant)));
  it('of gzip files', () => examineAll(gzipSync(tar), 500, 6, (mutant) => put('m.tar.gz', mutant)));
  it('of tar archives inside sound gzip files', () => examineAll(tar, 300, 7, (mutant) => put('m.tar.gz', gzipSync(mutant))));
  it('of examples.json', () => {
    const own = writeFolder(join(folder, 'json'), notes);
    const place = (mutant: Buffer): string => {
      writeFileSync(join(own, 'examples.json'), mutant);
      return own;
    };
    return examineAll(Buffer.from(jsonOf(notes)), 1000, 8, place);
  });
  it('of WAV files', () => {
    const own = writeFolder(join(folder, 'wavs'), notes);
    const place = (mutant: Buffer): string => {
      writeFileSync(join(own, 'audio', `${first.entry.note_str}.wav`), mutant);
      return own;
    };
    return examineAll(encodeWav(first.audio, 16000), 1000, 9, place);
  });

  it('of an index: it is made again, or all notes are as they were', async () => {
    const data = put('indexed.tfrecord', records);
    const index = join(folder, 'indexed.index');
    await openDataset(data, { index });
    const original = readFileSync(index);
    for (const mutant of mutants(original, 500, 10)) {
      writeFileSync(index, mutant);
      const dataset = await openDataset(data, { index });
      expect(dataset.length).toBe(4);
      for await (const note of dataset.notes()) expectLabels(note);
      await dataset.close();
    }
  });

  const tables: [string, string, (path: string) => Promise<unknown>][] = [
    [
      'split.csv',
      `id,split\n${notes.map(({ entry }, index) => `${entry.note_str},${index % 2 ? 'train' : 'test'}`).join('\n')}\n`,
      readSplitFile,
    ],
    [
      'labels.csv',
      'file,pitch,velocity,qualities\na.wav,60,100,bright\nb,61,,"dark;reverb"\n',
      async (path) => (await readSidecar(path, ['a.wav', 'b.wav'])).labels('a.wav'),
    ],
    [
      'labels.json',
      '{"a.wav": {"pitch": 60, "instrument": "x", "qualities": ["bright"]}}',
      async (path) => (await readSidecar(path, ['a.wav', 'b.wav'])).labels('a.wav'),
    ],
  ];
  it.each(tables)('of %s', async (name, content, read) => {
    let errors = 0;
    for (const mutant of mutants(Buffer.from(content), 500, 11)) {
      await read(put(name, mutant)).catch((error: unknown) => {
        expectClear(error, folder);
        errors++;
      });
    }
    expect(errors).toBeGreaterThan(20);
  });
});
