import { cpSync, mkdirSync, readFileSync, readdirSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { measurePitch } from '@gansynth/common/pitch';
import { beforeAll, describe, expect, it } from 'vitest';
import { temporaryFolder } from '../../test/collection.js';
import { openDataset } from '../dataset/open-dataset.js';
import { encodeWav } from '../formats/wav.js';
import { decodeSound, soundFormat } from '../decode/decode-sound.js';
import { importFolder } from './import-folder.js';
import type { ImportEntry } from './import-report.js';

const fixtures = fileURLToPath(new URL('../../test/fixtures/', import.meta.url));
const fixture = (name: string): Uint8Array => readFileSync(join(fixtures, name));

/** A harmonic tone with a decay. */
function tone(pitch: number, seconds = 1, sampleRate = 16000, before = 0): Float32Array {
  const frequency = 440 * 2 ** ((pitch - 69) / 12);
  const start = Math.round(before * sampleRate);
  return Float32Array.from({ length: start + Math.round(seconds * sampleRate) }, (_, index) => {
    const t = (index - start) / sampleRate;
    let sum = 0;
    for (let h = 1; h <= 5 && h * frequency < sampleRate / 2; h++) sum += Math.sin(2 * Math.PI * h * frequency * t) / h;
    return index < start ? 0 : 0.3 * sum * Math.exp(-t);
  });
}

/** Uniform noise, the same every time. */
function noise(length: number): Float32Array {
  let state = 1;
  return Float32Array.from({ length }, () => (state = (Math.imul(state, 1664525) + 1013904223) | 0) / 2 ** 31);
}

function put(path: string, content: Uint8Array | string): void {
  mkdirSync(dirname(path), { recursive: true });
  writeFileSync(path, content);
}

describe('sound decoders', () => {
  const frames: [string, string, number, number, number][] = [
    ['a3.flac', 'flac', 44100, 1, 22050],
    ['a3-24.flac', 'flac', 22050, 2, 11025],
    ['a3.aiff', 'aiff', 8000, 1, 4000],
    ['a3.aifc', 'aiff', 8000, 1, 4000],
    ['a3.ogg', 'ogg', 44100, 1, 22050],
    ['a3.mp3', 'mp3', 44100, 1, 22050],
  ];
  it.each(frames)('read %s as %s, rate, channels, length and pitch', async (name, format, sampleRate, channels, length) => {
    expect(soundFormat(fixture(name))).toBe(format);
    const sound = await decodeSound(fixture(name));
    expect([sound.sampleRate, sound.channels.length]).toEqual([sampleRate, channels]);
    // MP3 has no length of its own: its coder's delay and the rest of a frame come on top.
    expect(Math.abs(sound.channels[0]!.length - length)).toBeLessThan(format === 'mp3' ? 3 * 1152 : 1);
    const measured = measurePitch(sound.channels[0]!, sampleRate);
    expect(measured?.pitch).toBeCloseTo(57, 1);
  });

  it('agree with one another: lossless to rounding, lossy to a hundredth', async () => {
    const [flac, ogg] = [await decodeSound(fixture('a3.flac')), await decodeSound(fixture('a3.ogg'))];
    const [a, b] = [flac.channels[0]!, ogg.channels[0]!];
    expect(Math.max(...a.map((value, index) => Math.abs(value - b[index]!)))).toBeLessThan(0.03);
    const [coarse, fine] = [await decodeSound(fixture('a3.aifc')), await decodeSound(fixture('a3.aiff'))];
    const fineChannel = fine.channels[0]!;
    const worst = Math.max(...coarse.channels[0]!.map((value, index) => Math.abs(value - fineChannel[index]!)));
    expect(worst).toBeLessThan(2 / 32768);
  });
});

describe('importFolder', () => {
  const folder = temporaryFolder();
  const [from, to] = [join(folder, 'sounds'), join(folder, 'collection')];
  let entries: Map<string, ImportEntry>;

  beforeAll(async () => {
    mkdirSync(from);
    put(join(from, 'Grand Piano/C#4.wav'), encodeWav(tone(61), 16000));
    put(join(from, 'Grand Piano/C#4 soft.wav'), encodeWav(tone(61), 16000));
    put(join(from, 'Grand Piano/take m62.wav'), encodeWav(tone(62, 6), 16000));
    put(join(from, 'flute-064-075.wav'), encodeWav(tone(64, 1, 44100, 0.5), 44100));
    put(join(from, 'bassoon_-050-.wav'), encodeWav(tone(50), 16000));
    cpSync(join(fixtures, 'a3.mp3'), join(from, 'my vocal.mp3'));
    put(join(from, 'named.wav'), encodeWav(tone(70), 16000));
    put(join(from, 'own.wav'), encodeWav(tone(70), 16000));
    put(join(from, 'own.json'), JSON.stringify({ pitch: 71, instrument: 'Äolsharfe', family: 'string', qualities: ['bright'] }));
    put(join(from, 'labels.csv'), 'file,pitch,velocity,source,instrument\nnamed,72,,"electronic",\n');
    put(join(from, 'silent C4.wav'), encodeWav(new Float32Array(16000), 16000));
    put(join(from, 'two C4 D4.wav'), encodeWav(tone(60), 16000));
    put(join(from, 'drum C4 D4.wav'), encodeWav(noise(16000), 16000));
    put(join(from, 'noise.wav'), encodeWav(noise(16000), 16000));
    put(join(from, 'broken C4.flac'), fixture('a3.flac').subarray(0, 5000));
    put(join(from, 'text C4.wav'), 'hello');
    put(join(from, 'wrong label.wav'), encodeWav(tone(60), 16000));
    put(join(from, 'wrong label.json'), '{"pitch": 300}');
    put(join(from, '.DS_Store'), 'x');
    const report = await importFolder(from, { to });
    expect(JSON.parse(readFileSync(join(to, 'import-report.json'), 'utf8'))).toEqual(report);
    entries = new Map(report.files.map((entry) => [entry.file, entry]));
    expect([report.imported, report.refused]).toEqual([9, 10]);
  });

  it('makes a collection that opens, each note 4 s at 16 kHz', async () => {
    const dataset = await openDataset(to, { index: false });
    expect(dataset.length).toBe(9);
    for (const { samples, sampleRate } of dataset.listing()) expect([samples, sampleRate]).toEqual([64000, 16000]);
  });

  const imported: [string, object][] = [
    ['Grand Piano/C#4.wav', { id: 'grand_piano-061-100-2', pitch: 61, pitchFrom: 'name', done: ['padded from 1.00 s'] }],
    ['Grand Piano/C#4 soft.wav', { id: 'grand_piano-061-100' }],
    ['Grand Piano/take m62.wav', { id: 'grand_piano-062-100', done: ['cut from 6.00 s'] }],
    ['flute-064-075.wav', { id: 'flute-064-075', pitch: 64, pitchFrom: 'name' }],
    ['bassoon_-050-.wav', { id: 'bassoon-050-100', pitch: 50, pitchFrom: 'name' }],
    ['my vocal.mp3', { id: 'my_vocal-057-100', pitch: 57, pitchFrom: 'measured' }],
    ['named.wav', { id: 'named-072-100', pitch: 72, pitchFrom: 'sidecar' }],
    ['own.wav', { id: 'äolsharfe-071-100', pitch: 71, pitchFrom: 'sidecar' }],
    // One of two readings is heard.
    ['two C4 D4.wav', { id: 'two_d4-060-100', pitch: 60, pitchFrom: 'name', warnings: [] }],
  ];
  it.each(imported)('imports %s', (file, expected) => {
    expect(entries.get(file)).toMatchObject({ status: 'imported', ...expected });
  });

  it('labels what it can tell, and says unknown where it cannot', async () => {
    const dataset = await openDataset(to, { index: false });
    expect(dataset.labels('flute-064-075')).toMatchObject({ family: 'flute', source: 'acoustic', velocity: 75 });
    expect(dataset.labels('my_vocal-057-100')).toMatchObject({ family: 'vocal' });
    // A bassoon is no bass.
    expect(dataset.labels('bassoon-050-100')).toMatchObject({ family: 'reed' });
    expect(dataset.labels('äolsharfe-071-100')).toMatchObject({ family: 'string', qualities: ['bright'] });
    expect(dataset.labels('named-072-100')).toMatchObject({
      family: 'unknown',
      source: 'electronic',
      metadata: { instrument_family: -1 },
    });
  });

  it('removes the silence before a note and resamples it in tune', async () => {
    expect(entries.get('flute-064-075.wav')).toHaveProperty('done', [
      'resampled from 44100 Hz to 16000 Hz',
      expect.stringMatching(/^removed 0\.49\d s of silence/),
      expect.stringMatching(/^padded from 1\.0\d s/),
    ]);
    const note = await (await openDataset(to, { index: false })).note('flute-064-075');
    const original = tone(64, 1, 16000);
    const lead = note.audio.data.findIndex((value) => Math.abs(value) > 1e-3);
    expect(lead).toBeLessThan(64);
    expect(measurePitch(note.audio.data.slice(0, 16000), 16000)?.pitch).toBeCloseTo(64, 1);
    expect(Math.max(...note.audio.data)).toBeCloseTo(Math.max(...original), 1);
  });

  const refused: [string, RegExp][] = [
    ['silent C4.wav', /found silence/],
    ['drum C4 D4.wav', /one pitch in the name, found 60 and 62, and measured none for certain/],
    ['noise.wav', /expected a pitch.*measured.*labels.csv/],
    ['broken C4.flac', /damage/],
    ['text C4.wav', /expected WAV, AIFF, FLAC, MP3 or Ogg/],
    ['wrong label.wav', /wrong label.json.*pitch to be a whole number from 0 to 127, found 300/],
    ['own.json', /read as labels/],
    ['labels.csv', /read as labels/],
    ['.DS_Store', /no sound/],
  ];
  it.each(refused)('refuses %s, saying why', (file, reason) => {
    expect(entries.get(file)).toMatchObject({ status: 'refused', reason: expect.stringMatching(reason) as string });
  });

  it('leaves the folder it read as it was', () => {
    expect(readdirSync(from)).toHaveLength(17);
  });

  it('refuses to write into the folder it reads, and options out of range', async () => {
    await expect(importFolder(from, { to: join(from, 'x') })).rejects.toThrow(/expected to outside the folder/);
    await expect(importFolder(from, { to, seconds: 0 })).rejects.toThrow(/expected seconds over 0/);
    await expect(importFolder(join(folder, 'nowhere'), { to: join(folder, 'y') })).rejects.toThrow(/a folder that can be read/);
  });
});
