import { once } from 'node:events';
import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { hostname } from 'node:os';
import { join } from 'node:path';
import { BasicSoundBank } from 'spessasynth_core';
import { describe, expect, it } from 'vitest';
import { recordsOf } from '../test/archives.js';
import { runSource } from '../test/child.js';
import { makeNotes, temporaryFolder } from '../test/collection.js';
import { openDataset } from './dataset/open-dataset.js';
import { writeJsonWav } from './formats/write-json-wav.js';
import { writeTFRecord } from './formats/write-tfrecord.js';
import { renderShare } from './soundfont/render-share.js';
import { renderSoundFont } from './soundfont/render-sound-font.js';

const folder = temporaryFolder();
const notes = makeNotes(6);
const writable = notes.map(({ entry, audio }) => ({ audio, metadata: entry as never }));

/** Runs some lines of a program over the sources until it says "ready", and kills it. */
async function killed(program: string): Promise<void> {
  const child = runSource(program);
  const ended = once(child, 'exit');
  const ready = new Promise<void>((resolve) => child.stdout?.on('data', () => resolve()));
  await Promise.race([ready, ended]);
  child.kill('SIGKILL');
  expect(await ended).toEqual([null, 'SIGKILL']);
}

describe('a process that is killed', () => {
  it('while it writes a collection leaves nothing that the next one does not clear away', async () => {
    const to = join(folder, 'collection');
    await killed(`
      import { writeJsonWav } from './src/formats/write-json-wav.ts';
      const notes = ${JSON.stringify(notes.map(({ entry, audio }) => ({ metadata: entry, audio: [...audio] })))};
      await writeJsonWav(${JSON.stringify(to)}, (async function* () {
        for (const { metadata, audio } of notes.slice(0, 4)) yield { metadata, audio: Float32Array.from(audio) };
        console.log('ready');
        await new Promise((resolve) => setTimeout(resolve, 60_000));
      })());
    `);
    writeFileSync(join(to, 'audio', 'mine.wav'), 'not of the collection');
    expect(readdirSync(join(to, 'audio'))).toHaveLength(5);
    expect(readdirSync(to)).toHaveLength(2);
    expect(existsSync(join(to, 'examples.json'))).toBe(false);
    await expect(openDataset(to)).rejects.toThrow(/without either/);
    expect(await writeJsonWav(to, writable.slice(4))).toBe(2);
    expect(readdirSync(to).sort()).toEqual(['audio', 'examples.json']);
    expect(readdirSync(join(to, 'audio')).sort()).toEqual(
      ['mine.wav', ...notes.slice(4).map(({ entry }) => `${entry.note_str}.wav`)].sort(),
    );
  });

  it('while it writes an index leaves nothing that the next one does not clear away', async () => {
    const data = join(folder, 'data');
    mkdirSync(data);
    writeFileSync(join(data, 'a.tfrecord'), recordsOf(notes));
    await killed(`
      import { temporaryFor } from './src/files/temporary-file.ts';
      import { writeFileSync } from 'node:fs';
      writeFileSync(temporaryFor(${JSON.stringify(join(data, 'nsynth-index.bin'))}).path, 'half an index');
      console.log('ready');
      setTimeout(() => undefined, 60_000);
    `);
    expect(readdirSync(data)).toHaveLength(2);
    expect((await openDataset(data)).length).toBe(6);
    expect(readdirSync(data).sort()).toEqual(['a.tfrecord', 'nsynth-index.bin']);
  });

  it('while it writes TFRecords leaves nothing that the next one does not clear away', async () => {
    const to = join(folder, 'records');
    mkdirSync(to);
    await killed(`
      import { writeTFRecord } from './src/formats/write-tfrecord.ts';
      const [{ entry, audio }] = ${JSON.stringify(notes.map(({ entry, audio }) => ({ entry, audio: [...audio] })))};
      await writeTFRecord(${JSON.stringify(join(to, 'a.tfrecord'))}, (async function* () {
        yield { metadata: entry, audio: Float32Array.from(audio) };
        console.log('ready');
        await new Promise((resolve) => setTimeout(resolve, 60_000));
      })());
    `);
    expect(readdirSync(to)).toEqual([expect.stringMatching(/^\.a\.tfrecord\./)]);
    const path = join(to, 'a.tfrecord');
    expect(await Promise.all([writeTFRecord(path, writable), writeTFRecord(path, writable)])).toEqual([6, 6]);
    expect(readdirSync(to)).toEqual(['a.tfrecord']);
    expect((await openDataset(path, { index: false })).length).toBe(6);
  });

  it('while it makes a share leaves nothing that counts as one', async () => {
    const font = join(folder, 'saw.sf2');
    writeFileSync(font, new Uint8Array(await BasicSoundBank.getSampleSoundBankFile()));
    const options = { programs: [0], pitches: [50, 60, 61, 72], velocities: [100], secondsOn: 0.05, secondsRelease: 0.05 };
    const to = join(folder, 'shares');
    await killed(`
      import { renderShare } from './src/soundfont/render-share.ts';
      await renderShare(${JSON.stringify(font)}, {
        ...${JSON.stringify({ ...options, to, share: { index: 0, of: 2 } })},
        onProgress({ done }) {
          if (done < 2) return;
          process.stdout.write('ready');
          Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0);
        },
      });
    `);
    expect(readdirSync(join(to, '.shares', '0-of-2')).filter((name) => name.endsWith('.wav'))).toHaveLength(1);
    const share = (index: number) => renderShare(font, { ...options, to, share: { index, of: 2 } });
    expect(await share(1)).toEqual({ missing: [0] });
    await expect(openDataset(to)).rejects.toThrow(/not whole/);
    expect(await share(0)).toEqual({ missing: [], made: { notes: 4, silent: 0, bank: 0 } });
    const whole = join(folder, 'undivided');
    await renderSoundFont(font, { ...options, to: whole });
    expect(readFileSync(join(to, 'examples.json'))).toEqual(readFileSync(join(whole, 'examples.json')));
  });

  it('while it joins shares leaves nothing that the next one does not clear away', async () => {
    const font = join(folder, 'saw to join.sf2');
    writeFileSync(font, new Uint8Array(await BasicSoundBank.getSampleSoundBankFile()));
    const options = { programs: [0], pitches: [60, 61], velocities: [100], secondsOn: 0.05, secondsRelease: 0.05 };
    const to = join(folder, 'joined');
    const place = join(to, '.shares', '0-of-1');
    await killed(`
      import { joinShares } from './src/shares/join-shares.ts';
      const metadata = ${JSON.stringify(notes[0]?.entry)};
      const notes = (function* () {
        process.stdout.write('ready');
        Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0);
        yield { metadata, place: ${JSON.stringify(place)}, at: 0, hash: 0 };
      })();
      await joinShares(${JSON.stringify(to)}, [${JSON.stringify(place)}], notes);
    `);
    expect(readdirSync(to).filter((name) => name.startsWith('.examples.json.'))).toHaveLength(1);
    const made = { notes: 2, silent: 0, bank: 0 };
    expect(await renderShare(font, { ...options, to, share: { index: 0, of: 1 } })).toEqual({ missing: [], made });
    expect(readdirSync(to).sort()).toEqual(['.shares', 'audio', 'examples.json']);
  });

  it('leaves a listing that cannot make the next one remove other files', async () => {
    const to = join(folder, 'listing');
    mkdirSync(join(to, 'audio'), { recursive: true });
    for (const name of ['outside.wav', join('audio', 'inside.wav')]) writeFileSync(join(to, name), 'kept');
    const listing = JSON.stringify({ '../outside': {}, '': {}, x: {} }, undefined, 4).replaceAll('{}', '{\n    }');
    // No process has this number.
    writeFileSync(join(to, `.examples.json.${2 ** 30}-0.x.${hostname()}`), `${listing}\n    "broken": {`.slice(0, -1));
    expect(await writeJsonWav(to, writable.slice(0, 1))).toBe(1);
    expect(readdirSync(to).sort()).toEqual(['audio', 'examples.json', 'outside.wav']);
    expect(existsSync(join(to, 'audio', 'inside.wav'))).toBe(true);
  });
});
