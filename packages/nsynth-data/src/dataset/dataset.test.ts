import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describeWithGenuineNSynth, readReferenceWav, sharedPath } from '@gansynth/test-kit';
import { describe, expect, it } from 'vitest';
import { makeNotes, temporaryFolder, writeFolder } from '../../test/collection.js';
import { type NoteFilter, paperSubset } from './filter.js';
import { jsonEntries } from '../formats/json-entries.js';
import { toMetadata } from '../notes/labels.js';
import { openDataset } from './open-dataset.js';
import { fileChunks } from '../files/plain-file.js';
import { ExpectedRate } from '../scan/scan.js';
import { labelsOfEntry } from '../scan/scan-folder.js';
import { paperSplit, readSplitFile } from './split.js';

const notes = makeNotes(200);
const folder = writeFolder(temporaryFolder(), notes);
const dataset = await openDataset(folder, { index: false });
const idsOf = (part: typeof dataset): string[] => [...part.listing()].map(({ id }) => id);

describe('dataset', () => {
  it('gives every note with its audio and all thirteen fields of NSynth', async () => {
    expect(dataset.length).toBe(200);
    let index = 0;
    for await (const note of dataset.notes()) {
      const { entry, audio } = notes[index++]!;
      expect(note.audio.data).toEqual(audio);
      expect(note.audio.shape).toEqual([audio.length]);
      expect(note.metadata).toEqual(entry);
      expect(note).toMatchObject({ id: entry.note_str, pitch: entry.pitch, sampleRate: 16000 });
      expect(note.qualities).toEqual(entry['qualities_str']);
    }
    expect(index).toBe(200);
  });

  it('finds a note by id or position and refuses any other, naming one that exists', async () => {
    expect((await dataset.note(17)).id).toBe(notes[17]?.entry.note_str);
    expect((await dataset.note(notes[17]!.entry.note_str)).metadata.note).toBe(1017);
    await expect(dataset.note('nobody')).rejects.toThrow(/one of the 200 notes.*bass_acoustic_000/);
    await expect(dataset.note(200)).rejects.toThrow(/from 0 to 199, found 200/);
    const acoustic = dataset.filter({ source: 'acoustic' });
    await expect(acoustic.note(notes[1]!.entry.note_str)).rejects.toThrow(/one of the 67 notes/);
  });

  const cases: [string, NoteFilter, (entry: Record<string, unknown>) => boolean][] = [
    ['source', { source: 'electronic' }, (e) => e['instrument_source'] === 1],
    ['families', { family: ['bass', 'vocal'] }, (e) => [0, 10].includes(e['instrument_family'] as number)],
    ['instrument', { instrument: 'bass_acoustic_000' }, (e) => e['instrument_str'] === 'bass_acoustic_000'],
    ['pitch range', { pitch: [40, 50] }, (e) => (e['pitch'] as number) >= 40 && (e['pitch'] as number) <= 50],
    ['one velocity', { velocity: 127 }, (e) => e['velocity'] === 127],
    ['qualities', { quality: ['dark', 'reverb'] }, (e) => [1, 8].every((bit) => (e['qualities'] as number[])[bit] === 1)],
    ['no quality', { withoutQuality: 'bright' }, (e) => (e['qualities'] as number[])[0] === 0],
    ['anything', { where: ({ metadata }) => metadata.note % 10 === 0 }, (e) => (e['note'] as number) % 10 === 0],
    ['paper subset', paperSubset, (e) => e['instrument_source'] === 0],
    [
      'all of several',
      { source: 'acoustic', velocity: [50, 100] },
      (e) => e['instrument_source'] === 0 && [50, 75, 100].includes(e['velocity'] as number),
    ],
  ];
  it.each(cases)('filters by %s', (_, filter, keep) => {
    const expected = notes.filter(({ entry }) => keep(entry)).map(({ entry }) => entry.note_str);
    expect(expected.length).toBeGreaterThan(0);
    expect(idsOf(dataset.filter(filter))).toEqual(expected);
  });

  it('refuses a filter it does not understand', () => {
    expect(() => dataset.filter({ source: 'acustic' as 'acoustic' })).toThrow(/acoustic, electronic, synthetic, found "acustic"/);
    expect(() => dataset.filter({ pitches: 60 } as NoteFilter)).toThrow(/found pitches/);
    expect(() => dataset.filter({ pitch: [60, 50] })).toThrow(/lowest, highest/);
  });

  it('splits as the paper: 80 % and 20 %, together everything, another way with another seed', () => {
    const { train, test } = dataset.filter({ pitch: [24, 84] }).split(paperSplit);
    expect([train.length, test.length]).toEqual([160, 40]);
    expect([...idsOf(train), ...idsOf(test)].sort()).toEqual(idsOf(dataset).sort());
    expect(idsOf(dataset.split(paperSplit).test)).toEqual(idsOf(test));
    expect(idsOf(dataset.split({ ...paperSplit, seed: 1 }).test)).not.toEqual(idsOf(test));
  });

  it('splits by instrument, no instrument in two parts, shares nearly met', () => {
    const { train, test } = dataset.split({ by: 'instrument', parts: { train: 0.8, test: 0.2 } });
    const instruments = (part: typeof dataset): Set<string> => new Set([...part.listing()].map(({ instrument }) => instrument));
    expect([...instruments(train)].filter((name) => instruments(test).has(name))).toEqual([]);
    expect(train.length + test.length).toBe(200);
    expect(Math.abs(test.length - 40)).toBeLessThanOrEqual(2);
  });

  it('splits by a published file and leaves out what it does not name', async () => {
    const path = join(temporaryFolder(), 'splits.csv');
    const lines = notes.slice(0, 100).map(({ entry }, index) => `${entry.note_str},${['train', 'valid', 'test'][index % 3]!}`);
    writeFileSync(path, ['id,split', ...lines, 'elsewhere_acoustic_000-060-100,train', ''].join('\n'));
    const parts = dataset.split(await readSplitFile(path));
    expect(Object.fromEntries(Object.entries(parts).map(([name, part]) => [name, part.length]))).toEqual({
      train: 34,
      valid: 33,
      test: 33,
    });
    expect(idsOf(parts['test']!)[0]).toBe(notes[2]?.entry.note_str);
  });

  it.each([
    ['no header', 'a,b\n', /columns id and split/],
    ['a line too short', 'id,split\nx\n', /line 2: expected 2 values/],
    ['a note twice', 'id,split\nx,train\nx,test\n', /line 3: expected every note once/],
    ['nothing', 'id,split\n', /at least one note/],
  ])('refuses a split file with %s', async (_, text, message) => {
    const path = join(temporaryFolder(), 'splits.csv');
    writeFileSync(path, text);
    await expect(readSplitFile(path)).rejects.toThrow(message);
  });

  it('refuses shares that do not add up', () => {
    expect(() => dataset.split({ by: 'note', parts: { train: 0.8, test: 0.1 } })).toThrow(/add up to 1/);
  });

  it('counts notes per pitch', () => {
    const { pitches, counts } = dataset.pitchDistribution();
    expect(counts.reduce((sum, count) => sum + count)).toBe(200);
    for (const [index, pitch] of pitches.entries())
      expect(counts[index]).toBe(notes.filter(({ entry }) => entry.pitch === pitch).length);
  });

  it('stops when aborted', async () => {
    const signal = AbortSignal.abort();
    await expect(openDataset(folder, { index: false, signal })).rejects.toThrow(/abort/i);
    await expect(dataset.notes({ signal }).next()).rejects.toThrow(/abort/i);
  });
});

describeWithGenuineNSynth('NSynth metadata', () => {
  it('of 3,469 notes holds against every check of labels', async () => {
    const path = sharedPath('data/nsynth-genuine/metadata-nsynth-test-3469.json');
    let count = 0;
    for await (const entry of jsonEntries(fileChunks(path), path)) {
      const labels = labelsOfEntry(entry, path, new ExpectedRate(16000));
      expect(toMetadata(labels)).toEqual(entry.value);
      count++;
    }
    expect(count).toBe(3469);
  });
});

describeWithGenuineNSynth('NSynth notes', () => {
  it('are read with their labels, bit for bit', async () => {
    const path = sharedPath('data/nsynth-genuine');
    const genuine = await openDataset(path, { index: false });
    expect(genuine.length).toBe(34);
    expect([18, 10, 6]).toEqual(
      (['acoustic', 'electronic', 'synthetic'] as const).map((source) => genuine.filter({ source }).length),
    );
    for await (const note of genuine.notes()) {
      expect(note.audio.shape).toEqual([64000]);
      const reference = readReferenceWav(`${path}/audio/${note.id}.wav`);
      expect(Buffer.compare(Buffer.from(note.audio.data.buffer), Buffer.from(reference.buffer))).toBe(0);
    }
  });
});
