import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { gzipSync } from 'node:zlib';
import { BasicSoundBank } from 'spessasynth_core';
import { describe, expect, it } from 'vitest';
import { jsonOf, recordsOf, wavEntries, writeTar } from '../test/archives.js';
import { makeNotes, temporaryFolder, writeFolder } from '../test/collection.js';
import { mutants } from '@gansynth/test-kit';
import { wavBytes } from '../test/wav-bytes.js';
import { NSynthDataError } from './errors.js';
import { encodeExample } from './formats/example.js';
import { encodeExampleNote } from './formats/example-note.js';
import { importFolder } from './import/import-folder.js';
import { decodeSound } from './decode/decode-sound.js';
import { readSidecar } from './import/sidecar.js';
import { Mismatch } from './notes/labels.js';
import type { NoteLabels, NSynthMetadata } from './notes/note.js';
import { openDataset } from './dataset/open-dataset.js';
import { soundFontNotes } from './soundfont/render-sound-font.js';
import { readSplitFile } from './dataset/split.js';
import { encodeTFRecord } from './formats/tfrecord.js';
import { encodeWav } from './formats/wav.js';

const folder = temporaryFolder();
const notes = makeNotes(4, { samples: 60 });
const [first] = notes as [(typeof notes)[0], ...typeof notes];
const example = encodeExampleNote(first.entry as unknown as NSynthMetadata, first.audio);

function expectSound(audio: Float32Array): void {
  expect(audio.length).toBeGreaterThan(0);
  for (const value of audio) if (!(Math.abs(value) <= 16)) expect.fail(`a sample of ${value}`);
}

function expectLabels(labels: NoteLabels): void {
  const { id, pitch, velocity, samples, sampleRate, metadata } = labels;
  const isSound =
    /^[^/\\]{1,200}$/.test(id) &&
    [pitch, velocity].every((value) => Number.isInteger(value) && value >= 0 && value <= 127) &&
    Number.isInteger(samples) &&
    samples > 0 &&
    sampleRate === 16000 &&
    metadata.qualities.every((flag) => flag === 0 || flag === 1);
  if (!isSound) expect.fail(`labels ${JSON.stringify(labels)}`);
}

/** An error a user can act upon: ours, naming what was expected and what was found. */
function expectClear(error: unknown, file: string): void {
  if (
    !NSynthDataError.isInstance(error) ||
    !/^nsynth-data: .*expected .*found/s.test(error.message) ||
    !error.message.includes(file)
  )
    expect.fail(`not a clear error: ${String(error instanceof Error ? error.stack : error)}`);
}

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

const fixture = (name: string): Buffer => readFileSync(fileURLToPath(new URL(`../test/fixtures/${name}`, import.meta.url)));

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

  const ramp = Array.from({ length: 40 }, (_, n) => n / 40 - 0.5);
  const codes = Array.from({ length: 80 }, (_, n) => 3 * n);
  const tag = Buffer.concat([Buffer.from('ID3\u0003\0\0\0\0\0\u0020', 'latin1'), Buffer.alloc(32, 0xff)]);
  const sounds: [string, Uint8Array, number][] = [
    ['a3.aiff', fixture('a3.aiff'), 600],
    ['a3.aifc', fixture('a3.aifc'), 600],
    ['a3.flac', fixture('a3.flac'), 60],
    ['a3.ogg', fixture('a3.ogg'), 60],
    ['a3.mp3', fixture('a3.mp3'), 60],
    ['a3.opus', fixture('a3.opus'), 60],
    ['RF64', wavBytes(ramp, { code: 1, bits: 16, form: 'RF64', rest: [1, 2, 3] }), 600],
    ['BW64 of two channels', wavBytes(ramp, { code: 3, bits: 32, channels: 2, form: 'BW64', extensible: true }), 300],
    ['A-law', wavBytes(codes, { code: 6, bits: 8, after: [['smpl', Array.from({ length: 36 }, () => 60)]] }), 600],
    ['mu-law', wavBytes(codes, { code: 7, bits: 8, channels: 2, dataSize: 0 }), 300],
    ['20 bits', wavBytes(ramp, { code: 1, bits: 20, between: [['LIST', [1, 2, 3], false]] }), 600],
    ['FLAC behind a tag', Buffer.concat([tag, fixture('a3.flac')]), 40],
    ['MP3 between tags', Buffer.concat([tag, fixture('a3.mp3'), Buffer.from('TAG'.padEnd(128, 'x'))]), 40],
  ];
  it.each(sounds)('of the sound %s', async (_, original, count) => {
    let errors = 0;
    for (const mutant of mutants(original, count, 12)) {
      try {
        const { channels, sampleRate } = await decodeSound(mutant);
        expect(sampleRate).toBeGreaterThan(0);
        for (const channel of channels) {
          expectSound(channel);
          // What a file makes is bounded by its bytes: no coder packs a frame into less than one.
          expect(channel.length).toBeLessThan(1e4 * mutant.length);
        }
      } catch (error) {
        if (!(error instanceof Mismatch) || !/expected .*found/s.test(error.message)) throw error;
        errors++;
      }
    }
    expect(errors).toBeGreaterThan(count / 20);
  });

  it('of SoundFonts, of their tables above all', async () => {
    const font = Buffer.from(await BasicSoundBank.getSampleSoundBankFile());
    const tables = font.indexOf('pdta') - 8;
    let [errors, played] = [0, 0];
    const play = async (mutant: Buffer): Promise<void> => {
      try {
        const short = { pitches: [60], velocities: [100], secondsOn: 0.01, secondsRelease: 0 };
        for await (const { audio } of soundFontNotes(put('m.sf2', mutant), short)) {
          expectSound(audio.data);
          if (++played > 1e4) expect.fail('too many presets');
        }
      } catch (error) {
        expectClear(error, folder);
        errors++;
      }
    };
    for (const mutant of mutants(font, 60, 14)) await play(mutant);
    for (const mutant of mutants(font.subarray(tables), 300, 15))
      if (mutant.length === font.length - tables) await play(Buffer.concat([font.subarray(0, tables), mutant]));
    expect(errors).toBeGreaterThan(40);
    expect(played).toBeGreaterThan(20);
  });
});

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
