import { readdirSync, readFileSync, rmSync, writeFileSync, mkdirSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { sharesFolder } from '@gansynth/common/node';
import { BasicSoundBank } from 'spessasynth_core';
import { beforeAll, describe, expect, it } from 'vitest';
import { temporaryFolder } from '../../test/collection.js';
import { openDataset } from '../dataset/open-dataset.js';
import { encodeWav } from '../formats/wav.js';
import { importFolder } from '../import/import-folder.js';
import { importShare } from '../import/import-share.js';
import { renderShare } from '../soundfont/render-share.js';
import { renderSoundFont } from '../soundfont/render-sound-font.js';

const folder = temporaryFolder();
const sounds = join(folder, 'sounds');
const font = join(folder, 'saw.sf2');
const options = { sampleRate: 8000, seconds: 0.25, peak: 0.9 } as const;
const played = { programs: [0], pitches: [50, 60, 61, 72], velocities: [1, 100, 127], secondsOn: 0.05, secondsRelease: 0.05 };

const tone = (hertz: number, seconds: number): Float32Array =>
  Float32Array.from({ length: 8000 * seconds }, (_, n) => 0.4 * Math.sin((2 * Math.PI * hertz * n) / 8000) * Math.exp(-n / 8000));
const hertz = (pitch: number): number => 440 * 2 ** ((pitch - 69) / 12);

/** Every file of a collection, and what it holds. */
function contents(collection: string, at = ''): Record<string, string> {
  return Object.fromEntries(
    readdirSync(join(collection, at))
      .filter((name) => name !== sharesFolder && name !== 'nsynth-index.bin')
      .sort()
      .flatMap((name) => {
        const path = join(at, name);
        if (statSync(join(collection, path)).isDirectory()) return Object.entries(contents(collection, path));
        return [[path, readFileSync(join(collection, path)).toString('base64')]];
      }),
  );
}

beforeAll(async () => {
  // Names that are understood by one another: C5 sounds as C4 is (middle C is C5 here), three sounds have one name, layers are counted.
  mkdirSync(join(sounds, 'piano'), { recursive: true });
  const put = (name: string, audio: Float32Array): void => writeFileSync(join(sounds, name), encodeWav(audio, 8000));
  for (const [i, name] of ['C5', 'D5', 'E5', 'F5', 'G5'].entries())
    put(`piano/${name}.wav`, tone(hertz([60, 62, 64, 65, 67][i]!), 0.3));
  for (const name of ['pad m61', 'pad m61 b', 'pad  m61']) put(`${name}.wav`, tone(hertz(61), 0.2));
  put('bass v1 m40.wav', tone(hertz(40), 0.3));
  put('bass v4 m40.wav', tone(hertz(40), 0.3));
  put('silent m50.wav', new Float32Array(800));
  put(
    'nothing.wav',
    Float32Array.from({ length: 2000 }, (_, n) => 0.1 * Math.sin(n * n)),
  );
  writeFileSync(join(sounds, 'notes.txt'), 'no sound');
  writeFileSync(join(sounds, 'broken m44.wav'), 'RIFF?');
  writeFileSync(font, Buffer.from(await BasicSoundBank.getSampleSoundBankFile()));
});

describe.each([1, 2, 3])('a collection made in %i shares', (of) => {
  const to = (what: string): string => join(folder, `${what}-in-${of}`);

  it('is the imported one, byte for byte, whichever share is last', async () => {
    const whole = await importFolder(sounds, { ...options, to: to('imported-whole') });
    expect(whole).toMatchObject({ imported: 10, refused: 4, middleC: { octave: 5 } });
    for (let last = 0; last < of; last++) {
      const divided = to(`imported-last-${last}`);
      const order = [...Array.from({ length: of }, (_, index) => index).filter((index) => index !== last), last];
      for (const index of order.slice(0, -1)) {
        const { missing, report } = await importShare(sounds, { ...options, to: divided, share: { index, of } });
        expect([missing.length > 0, report]).toEqual([true, undefined]);
        await expect(openDataset(divided)).rejects.toThrow(/shares of a collection that is not whole/);
      }
      const { missing, report } = await importShare(sounds, { ...options, to: divided, share: { index: last, of } });
      expect({ missing, report }).toEqual({ missing: [], report: whole });
      expect(contents(divided)).toEqual(contents(to('imported-whole')));
      expect(readdirSync(join(divided, sharesFolder)).filter((name) => !name.endsWith('.json'))).toEqual([]);
    }
  });

  it('is the rendered one, byte for byte', async () => {
    const whole = await renderSoundFont(font, { ...played, to: to('rendered-whole') });
    expect(whole.notes).toBeGreaterThan(3);
    const divided = to('rendered');
    for (let index = of - 1; index > 0; index--) {
      const { made } = await renderShare(font, { ...played, to: divided, share: { index, of } });
      expect(made).toBeUndefined();
      await expect(openDataset(divided)).rejects.toThrow(/shares of a collection that is not whole/);
    }
    const { made } = await renderShare(font, { ...played, to: divided, share: { index: 0, of } });
    expect(made).toEqual(whole);
    expect(contents(divided)).toEqual(contents(to('rendered-whole')));
    const [a, b] = [await openDataset(divided), await openDataset(to('rendered-whole'))];
    expect(a.fingerprint).toBe(b.fingerprint);
    await Promise.all([a.close(), b.close()]);
  });
});

const share = (index: number, of = 2): { index: number; of: number } => ({ index, of });

describe('a share of a collection', () => {
  it('is not made twice, before the collection is whole and after', async () => {
    const to = join(folder, 'once');
    const heard: string[] = [];
    const make = (index: number) =>
      importShare(sounds, { ...options, to, share: share(index), onProgress: ({ file }) => heard.push(file) });
    await make(1);
    expect(heard.length).toBeGreaterThan(0);
    heard.length = 0;
    expect(await make(1)).toMatchObject({ missing: [0] });
    expect(heard).toEqual([]);
    const { report } = await make(0);
    heard.length = 0;
    const before = contents(to);
    for (const index of [0, 1]) expect(await make(index)).toEqual({ missing: [], sounds: expect.any(Number), report });
    expect([heard, contents(to)]).toEqual([[], before]);
  });

  it('that was broken off is no part of a whole, and is made anew', async () => {
    const to = join(folder, 'broken-off');
    const controller = new AbortController();
    await importShare(sounds, { ...options, to, share: share(1) });
    const onProgress = ({ done }: { done: number }): void => void (done === 3 && controller.abort(new Error('enough')));
    await expect(importShare(sounds, { ...options, to, share: share(0), signal: controller.signal, onProgress })).rejects.toThrow(
      'enough',
    );
    expect(await importShare(sounds, { ...options, to, share: share(1) })).toMatchObject({ missing: [0] });
    await expect(openDataset(to)).rejects.toThrow(/not whole/);
    expect((await importShare(sounds, { ...options, to, share: share(0) })).report).toMatchObject({ imported: 10 });
  });

  it('is joined again where joining was broken off, and by two at once', async () => {
    const whole = join(folder, 'join-whole');
    await renderSoundFont(font, { ...played, to: whole });
    const to = join(folder, 'join');
    const make = (index: number) => renderShare(font, { ...played, to, share: share(index) });
    await make(1);
    const sound = readdirSync(join(to, sharesFolder, '1-of-2'))[0]!;
    // As if a process had named this one and been killed.
    mkdirSync(join(to, 'audio'));
    const [, id] = /"note_str":"([^"]+)"/.exec(readFileSync(join(to, sharesFolder, '1-of-2.notes.json'), 'utf8')) ?? [];
    const first = Math.min(...readdirSync(join(to, sharesFolder, '1-of-2')).map((name) => Number.parseInt(name, 10)));
    writeFileSync(join(to, 'audio', `${id}.wav`), readFileSync(join(to, sharesFolder, '1-of-2', `${first}.wav`)));
    rmSync(join(to, sharesFolder, '1-of-2', `${first}.wav`));
    expect(sound).toMatch(/\.wav$/);
    await Promise.all([make(0), make(1), make(0)]);
    await make(0);
    expect(contents(to)).toEqual(contents(whole));
  });

  it('names the sound that is gone', async () => {
    const to = join(folder, 'gone');
    const make = (index: number) => renderShare(font, { ...played, to, share: share(index) });
    await make(0);
    const place = join(to, sharesFolder, '0-of-2');
    const [name] = readdirSync(place);
    rmSync(join(place, name!));
    await expect(make(1)).rejects.toThrow(
      new RegExp(`${name}.*expected the sound that this share made, found none\\. Remove .*0-of-2\\.json`),
    );
    rmSync(`${place}.json`);
    expect((await make(0)).made?.notes).toBeGreaterThan(3);
  });

  it('does not mix with one of another division, other sounds or other options, nor with a collection', async () => {
    const to = join(folder, 'mixed');
    await importShare(sounds, { ...options, to, share: share(0) });
    await expect(importShare(sounds, { ...options, to, share: share(0, 3) })).rejects.toThrow(/shares of 3, found share 0 of 2/);
    await expect(importShare(sounds, { ...options, peak: 0.5, to, share: share(1) })).rejects.toThrow(/differs in: options/);
    await expect(renderShare(font, { ...played, to, share: share(1) })).rejects.toThrow(/differs in: .*SoundFont/);
    writeFileSync(join(sounds, 'more m70.wav'), encodeWav(tone(hertz(70), 0.2), 8000));
    await expect(importShare(sounds, { ...options, to, share: share(1) })).rejects.toThrow(/differs in: sounds/);
    rmSync(join(sounds, 'more m70.wav'));
    const whole = join(folder, 'a-collection');
    await importFolder(sounds, { ...options, to: whole });
    await expect(importShare(sounds, { ...options, to: whole, share: share(0) })).rejects.toThrow(/without examples\.json/);
    expect(readdirSync(whole)).not.toContain(sharesFolder);
    await expect(importShare(sounds, { ...options, to, share: share(2) })).rejects.toThrow(/0 <= index < of, found 2 of 2/);
  });
});
