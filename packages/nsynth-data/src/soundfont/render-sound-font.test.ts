import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { BasicSoundBank } from 'spessasynth_core';
import { measurePitch } from '@gansynth/common/pitch';
import { beforeAll, describe, expect, it } from 'vitest';
import { temporaryFolder } from '../../test/collection.js';
import { openDataset } from '../dataset/open-dataset.js';
import { families } from '../notes/vocabulary.js';
import { familyOfProgram, sourceOfProgram } from './general-midi.js';
import { renderShare } from './render-share.js';
import { renderSoundFont, soundFontNotes } from './render-sound-font.js';

const folder = temporaryFolder();
const font = join(folder, 'saw.sf2');

beforeAll(async () => {
  // One saw wave on every key, made by the synthesiser's own library.
  writeFileSync(font, new Uint8Array(await BasicSoundBank.getSampleSoundBankFile()));
});

const first = (path: string, options: object): Promise<unknown> => soundFontNotes(path, options).next();

/** The last of some notes rendered in a row. */
const lastOf = async (pitches: number[]): Promise<Float32Array> => {
  let last = new Float32Array();
  for await (const { audio } of soundFontNotes(font, {
    programs: [0],
    pitches,
    velocities: [100],
    secondsOn: 0.2,
    secondsRelease: 0.1,
  }))
    last = audio.data as Float32Array<ArrayBuffer>;
  return last;
};

/** The same SoundFont with its preset in another bank. */
const inBank = (bank: number): string => {
  const bytes = readFileSync(font);
  bytes.writeUInt16LE(bank, bytes.lastIndexOf('phdr') + 8 + 22);
  const path = join(folder, `bank ${bank}.sf2`);
  writeFileSync(path, bytes);
  return path;
};
const short = { pitches: [60, 62], velocities: [100], secondsOn: 0.2, secondsRelease: 0.1 };

describe('renderSoundFont', () => {
  it('writes a collection of programs x pitches x velocities, in tune, 3 s on and 1 s off', async () => {
    const to = join(folder, 'rendered');
    const events: number[] = [];
    const options = {
      to,
      programs: [0],
      pitches: [36, 60, 72],
      velocities: [50, 127],
      onProgress: ({ done }: { done: number }) => events.push(done),
    };
    expect(await renderSoundFont(font, options)).toEqual({ notes: 6, silent: 0, bank: 0 });
    expect(events).toEqual([1, 2, 3, 4, 5, 6]);
    const dataset = await openDataset(to, { index: false });
    for await (const note of dataset.notes()) {
      expect(note.audio.shape).toEqual([64000]);
      expect(note.id).toBe(
        `keyboard_acoustic_000-${String(note.pitch).padStart(3, '0')}-${String(note.velocity).padStart(3, '0')}`,
      );
      // The library's saw wave itself is up to 8 cents off.
      expect(Math.abs((measurePitch(note.audio.data.slice(0, 32000), 16000)?.pitch ?? 0) - note.pitch)).toBeLessThan(0.15);
      const peak = note.audio.data.reduce((most, value) => Math.max(most, Math.abs(value)), 0);
      expect(peak).toBeCloseTo(0.95, 3);
      const power = (from: number, to: number): number =>
        note.audio.data.subarray(from, to).reduce((sum, value) => sum + value * value, 0);
      expect(power(60_000, 64_000)).toBeLessThan(0.01 * power(40_000, 44_000));
    }
  });

  it('renders presets of other banks, as instruments of their own', async () => {
    const path = inBank(1);
    const [to, plain] = [join(folder, 'other-bank'), join(folder, 'plain-bank')];
    expect(await renderSoundFont(path, { to, ...short })).toEqual({ notes: 2, silent: 0, bank: 1 });
    await renderSoundFont(font, { to: plain, ...short });
    const [other, first] = await Promise.all([openDataset(to, { index: false }), openDataset(plain, { index: false })]);
    expect([...other.listing()].map(({ id }) => id)).toEqual(['keyboard_acoustic_128-060-100', 'keyboard_acoustic_128-062-100']);
    for (const index of [0, 1]) expect((await other.note(index)).audio.data).toEqual((await first.note(index)).audio.data);
    await expect(renderSoundFont(path, { to: join(folder, 'none'), bank: 0, ...short })).rejects.toThrow(
      /expected a bank that .* has \(1\), found 0/,
    );
    await expect(renderSoundFont(path, { to: join(folder, 'none'), programs: [7], ...short })).rejects.toThrow(
      /has in bank 1 \(0\), found 7/,
    );
    expect(existsSync(join(folder, 'none'))).toBe(false);
  });

  it('tells that nothing sounds, and leaves nothing', async () => {
    const to = join(folder, 'silent');
    const path = join(folder, 'silent.sf2');
    const bytes = readFileSync(font);
    const samples = bytes.indexOf('smpl') + 4;
    bytes.fill(0, samples + 4, samples + 4 + bytes.readUInt32LE(samples));
    writeFileSync(path, bytes);
    expect(await renderSoundFont(path, { to, ...short })).toEqual({ notes: 0, silent: 2, bank: 0 });
    expect(existsSync(to)).toBe(false);
    expect(await renderSoundFont(font, { to, ...short })).toEqual({ notes: 2, silent: 0, bank: 0 });
  });

  it('refuses tables that point beyond each other, before anything is made of them', async () => {
    const bytes = readFileSync(font);
    const preset = bytes.lastIndexOf('phdr') + 8;
    // The second record, which ends the first one's zones.
    bytes.writeUInt16LE(65_535, preset + 38 + 24);
    const path = join(folder, 'tables.sf2');
    writeFileSync(path, bytes);
    await expect(renderSoundFont(path, { to: join(folder, 'none'), ...short })).rejects.toThrow(
      /tables.sf2: expected record 1 of phdr to point to 0 to \d of pbag, found 65535/,
    );
  });

  it('refuses a SoundFont of drums, and leaves nothing', async () => {
    const to = join(folder, 'drums');
    await expect(renderSoundFont(inBank(128), { to, ...short })).rejects.toThrow(
      /bank 128.sf2: expected presets that play pitches, found drum kits and nothing else/,
    );
    expect(existsSync(to)).toBe(false);
  });

  it('renders the same note the same, whatever came before it', async () => {
    const [alone, after] = [await lastOf([60]), await lastOf([40, 60])];
    expect(Buffer.compare(Buffer.from(alone.buffer), Buffer.from(after.buffer))).toBe(0);
  });

  it('plays a program that is named twice once, in shares too', async () => {
    const [to, divided] = [join(folder, 'twice'), join(folder, 'twice in shares')];
    const twice = { ...short, programs: [0, 0] };
    const made = { notes: 2, silent: 0, bank: 0 };
    expect(await renderSoundFont(font, { ...twice, to })).toEqual(made);
    await renderShare(font, { ...twice, to: divided, share: { index: 0, of: 2 } });
    expect(await renderShare(font, { ...twice, to: divided, share: { index: 1, of: 2 } })).toEqual({ missing: [], made });
    expect(readFileSync(join(divided, 'examples.json'))).toEqual(readFileSync(join(to, 'examples.json')));
  });

  it('refuses programs the file lacks, numbers out of range, and files that are no SoundFont', async () => {
    await expect(first(font, { programs: [5] })).rejects.toThrow(/expected programs that .* has in bank 0 \(0\), found 5/);
    await expect(first(font, { pitches: [128] })).rejects.toThrow(/pitches to be whole numbers from 0 to 127, found 128/);
    await expect(first(font, { peak: 2 })).rejects.toThrow(/peak from 0.001 to 1, found 2/);
    const text = join(folder, 'text.sf2');
    writeFileSync(text, 'RIFF, but not really');
    await expect(first(text, {})).rejects.toThrow(/expected a SoundFont/);
    await expect(first(font, { signal: AbortSignal.abort() })).rejects.toThrow(/abort/i);
  });

  it('knows the family and source of every General MIDI program', () => {
    const all = new Set(Array.from({ length: 128 }, (_, program) => familyOfProgram(program)));
    expect(families.filter((family) => !all.has(family))).toEqual([]);
    expect([0, 12, 19, 24, 32, 42, 53, 60, 71, 73, 80].map((program) => familyOfProgram(program))).toEqual([
      'keyboard',
      'mallet',
      'organ',
      'guitar',
      'bass',
      'string',
      'vocal',
      'brass',
      'reed',
      'flute',
      'synth_lead',
    ]);
    expect([0, 27, 81].map((program) => sourceOfProgram(program))).toEqual(['acoustic', 'electronic', 'synthetic']);
  });
});

// Where Debian's FluidR3 is installed, a whole one as well.
const installed = ['/usr/share/sounds/sf2/FluidR3_GM.sf2'].filter((file) => existsSync(file));
describe.each(installed)('a full General MIDI SoundFont: %s', (file) => {
  it('renders several instruments and leaves out what stays silent', async () => {
    const ids: string[] = [];
    for await (const { metadata, audio } of soundFontNotes(file, {
      programs: [0, 73],
      pitches: [60],
      velocities: [100],
      secondsOn: 0.5,
      secondsRelease: 0.2,
    })) {
      ids.push(metadata.note_str);
      expect(Math.round(measurePitch(audio.data, 16000)?.pitch ?? 0)).toBe(60);
    }
    expect(ids).toEqual(['keyboard_acoustic_000-060-100', 'flute_acoustic_073-060-100']);
  });
});
