import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { measurePitch } from '@gansynth/common/pitch';
import { beforeAll, describe, expect, it } from 'vitest';
import { temporaryFolder } from '../../test/collection.js';
import { BadFileError } from '../errors.js';
import { readSound } from './read-sound.js';
import { encodeWav } from '../formats/wav.js';

const fixture = (name: string): string => fileURLToPath(new URL(`../../test/fixtures/${name}`, import.meta.url));

describe('readSound', () => {
  let folder: string;
  const put = (name: string, content: Uint8Array): string => {
    const path = join(folder, name);
    writeFileSync(path, content);
    return path;
  };
  beforeAll(() => {
    folder = temporaryFolder();
    mkdirSync(folder, { recursive: true });
  });

  it('gives back what was written', async () => {
    const audio = Float32Array.from({ length: 100 }, (_, i) => Math.round(3000 * Math.sin(i)) / 32768);
    const { samples, sampleRate } = await readSound(put('a.wav', encodeWav(audio, 22_050)));
    expect(sampleRate).toBe(22_050);
    expect(samples).toEqual(audio);
  });

  it.each(['a3.flac', 'a3-24.flac', 'a3.aiff', 'a3.ogg', 'a3.mp3'])('mixes %s to mono, at the rate asked for', async (name) => {
    const { samples, sampleRate } = await readSound(fixture(name), { sampleRate: 16_000 });
    expect(sampleRate).toBe(16_000);
    // Half a second; MP3 adds its coder's delay.
    expect(samples.length / 16_000).toBeGreaterThan(0.49);
    expect(samples.length / 16_000).toBeLessThan(0.6);
    expect(measurePitch(samples, 16_000)?.pitch).toBeCloseTo(57, 1);
  });

  it('names the file, what is wrong with it, and the cure', async () => {
    const damaged = put('b.flac', readFileSync(fixture('a3.flac')).subarray(0, 5000));
    const wrong: [string, RegExp][] = [
      [put('text.wav', Buffer.from('hello')), /text\.wav: expected WAV, AIFF, .* found something else\. Convert it: ffmpeg/],
      [put('cut.wav', encodeWav(new Float32Array(100), 16_000).subarray(0, 100)), /cut\.wav: .*cut short/],
      [damaged, /b\.flac: .*damage/],
      [join(folder, 'nowhere.wav'), /nowhere\.wav: .*found none/],
    ];
    for (const [path, message] of wrong) {
      const error: unknown = await readSound(path).catch((thrown: unknown) => thrown);
      expect(BadFileError.isInstance(error), path).toBe(true);
      expect(String(error)).toMatch(message);
    }
  });
});
