import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { BasicSoundBank } from 'spessasynth_core';
import { describe, expect, it } from 'vitest';
import { temporaryFolder } from '../test/collection.js';
import { expectClear, expectSound } from '../test/hostile.js';
import { mutants } from '@gansynth/test-kit';
import { wavBytes } from '../test/wav-bytes.js';
import { decodeSound } from './decode/decode-sound.js';
import { Mismatch } from './notes/labels.js';
import { soundFontNotes } from './soundfont/render-sound-font.js';

const folder = temporaryFolder();

const put = (name: string, content: Uint8Array): string => {
  writeFileSync(join(folder, name), content);
  return join(folder, name);
};

const fixture = (name: string): Buffer => readFileSync(fileURLToPath(new URL(`../test/fixtures/${name}`, import.meta.url)));

describe('mutants', () => {
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
