import { crc32c } from '@gansynth/common/crc32c';
import { appendFileSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { decode } from 'fast-png';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { AudioEvent, ImageEvent, RunEvent } from '../index.js';
import {
  bytesOf,
  doubleOf,
  floatOf,
  readFields,
  readRecords,
  textOf,
  wholeOf,
  type Fields,
} from '../../test/support/read-events.js';
import { jsonLinesWriter, tensorboardWriter } from './index.js';

let directory: string;
beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), 'gansynth-log-'));
});
afterEach(() => rmSync(directory, { recursive: true, force: true }));

const image: ImageEvent = {
  type: 'image',
  step: 20,
  name: 'samples/rainbow gram',
  width: 2,
  height: 3,
  channels: 3,
  pixels: Uint8Array.from({ length: 18 }, (_, i) => 10 * i),
};
const audio: AudioEvent = {
  type: 'audio',
  step: 30,
  name: 'samples/a',
  samples: Float32Array.of(0, 0.5, -1, 2, Number.NaN),
  sampleRate: 16_000,
};
const events: RunEvent[] = [
  { type: 'scalars', step: 10, values: { 'critic/loss': -1.5, 'generator/loss': Number.NaN } },
  image,
  audio,
  { type: 'text', step: 40, name: 'recipe', text: 'größer' },
];

const write = (written: RunEvent[], options?: { resumeFrom: number }): Fields[] => {
  const writer = tensorboardWriter(directory, options);
  for (const event of written) writer.write(event);
  writer.close();
  const name = readdirSync(directory).sort().at(-1)!;
  expect(name).toMatch(/^events\.out\.tfevents\.\d{10}\./);
  return readRecords(readFileSync(join(directory, name))).map(readFields);
};
const values = (event: Fields): Fields[] =>
  (readFields(bytesOf(event, 5)).get(1) ?? []).map((value) => readFields(value as Uint8Array));

describe('tensorboardWriter', () => {
  it('starts a file with its version and the time', () => {
    const [first] = write([]);
    expect(textOf(first!, 3)).toBe('brain.Event:2');
    expect(Math.abs(doubleOf(first!, 1) - Date.now() / 1000)).toBeLessThan(60);
  });

  it('writes scalars under their names, also what is not a number', () => {
    const event = write(events)[1]!;
    expect(wholeOf(event, 2)).toBe(10);
    expect(values(event).map((value) => [textOf(value, 1), floatOf(value, 2)])).toEqual([
      ['critic/loss', -1.5],
      ['generator/loss', Number.NaN],
    ]);
  });

  it('writes an image as PNG with its size', () => {
    const [value] = values(write(events)[2]!) as [Fields];
    const message = readFields(bytesOf(value, 4));
    expect([1, 2, 3].map((number) => wholeOf(message, number))).toEqual([3, 2, 3]);
    expect(Array.from(decode(bytesOf(message, 4)).data)).toEqual(Array.from(image.pixels));
  });

  it('writes a sound as 16-bit WAV, clipped and without what is no number', () => {
    const [value] = values(write(events)[3]!) as [Fields];
    const message = readFields(bytesOf(value, 6));
    expect(floatOf(message, 1)).toBe(16_000);
    expect([wholeOf(message, 2), wholeOf(message, 3), textOf(message, 5)]).toEqual([1, 5, 'audio/wav']);
    const wav = Buffer.from(bytesOf(message, 4));
    expect(wav.toString('latin1', 0, 4) + wav.toString('latin1', 8, 16)).toBe('RIFFWAVEfmt ');
    expect([wav.readUInt32LE(4), wav.readUInt32LE(24), wav.readUInt32LE(40)]).toEqual([wav.length - 8, 16_000, 10]);
    expect([0, 1, 2, 3, 4].map((i) => wav.readInt16LE(44 + 2 * i))).toEqual([0, 16384, -32768, 32767, 0]);
  });

  it('writes a text as the string tensor the text plugin reads', () => {
    const [value] = values(write(events)[4]!) as [Fields];
    const tensor = readFields(bytesOf(value, 8));
    expect(wholeOf(tensor, 1)).toBe(7);
    expect(Buffer.from(bytesOf(tensor, 8)).toString()).toBe('größer');
    expect(textOf(readFields(bytesOf(readFields(bytesOf(value, 9)), 1)), 1)).toBe('text');
  });

  it('continues a run in a file of its own and tells from which step on', () => {
    write(events);
    const resumed = write([], { resumeFrom: 25 });
    expect(readdirSync(directory)).toHaveLength(2);
    expect(wholeOf(resumed[1]!, 2)).toBe(25);
    expect(wholeOf(readFields(bytesOf(resumed[1]!, 7)), 1)).toBe(1);
  });

  it('has the checksum of the CRC-32C test vectors', () => {
    expect(crc32c(Buffer.from('123456789'))).toBe(0xe3069283);
    expect(crc32c(new Uint8Array(32))).toBe(0x8a9136aa);
  });
});

const lines = (): Record<string, unknown>[] =>
  readFileSync(join(directory, 'run/log.jsonl'), 'utf8')
    .trimEnd()
    .split('\n')
    .map((line) => JSON.parse(line) as Record<string, unknown>);

describe('jsonLinesWriter', () => {
  it('writes one object a line, and media as files beside it', () => {
    const writer = jsonLinesWriter(join(directory, 'run/log.jsonl'));
    for (const event of events) writer.write(event);
    const [scalars, picture, sound, text] = lines();
    expect(scalars).toMatchObject({ type: 'scalars', step: 10, values: { 'critic/loss': -1.5, 'generator/loss': 'NaN' } });
    expect(Date.parse(scalars?.['time'] as string)).toBeGreaterThan(0);
    expect(picture).toMatchObject({ type: 'image', width: 2, height: 3, file: 'media/samples_rainbow_gram-20.png' });
    expect(Array.from(decode(readFileSync(join(directory, 'run', picture?.['file'] as string))).data)).toEqual(
      Array.from(image.pixels),
    );
    expect(sound).toMatchObject({ type: 'audio', sampleRate: 16_000, file: 'media/samples_a-30.wav' });
    expect(readFileSync(join(directory, 'run', sound?.['file'] as string))).toHaveLength(54);
    expect(text).toMatchObject({ text: 'größer' });
    writer.close();
  });

  it('continues a file, without the line a killed process left unfinished', () => {
    const path = join(directory, 'run/log.jsonl');
    jsonLinesWriter(path).write(events[0]!);
    appendFileSync(path, `{"time":"${'x'.repeat(100_000)}`);
    const writer = jsonLinesWriter(path);
    writer.write(events[3]!);
    writer.close();
    expect(lines().map(({ step }) => step)).toEqual([10, 40]);
  });

  it('refuses pixels that do not fit, a strange sample rate, and writing when closed', () => {
    const writer = jsonLinesWriter(join(directory, 'run/log.jsonl'));
    expect(() => writer.write({ ...image, width: 4 })).toThrow(/expected 4 \* 3 \* 3 = 36 bytes of pixels/);
    expect(() => writer.write({ ...audio, sampleRate: 0 })).toThrow(/sample rate/);
    writer.close();
    writer.close();
    expect(() => writer.write(events[0]!)).toThrow(/Write before close/);
  });
});
