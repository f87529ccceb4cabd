import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { oggChecksum } from './checksums.js';
import { decodeSound, soundFormat } from './decode-sound.js';
import { checkMpeg, firstFrame } from './mpeg.js';
import { withoutTagsAfter, withoutTagsBefore } from './tags.js';

const fixture = (name: string): Buffer => readFileSync(fileURLToPath(new URL(`../../test/fixtures/${name}`, import.meta.url)));
const channel = async (bytes: Uint8Array): Promise<Float32Array> => (await decodeSound(bytes)).channels[0] ?? new Float32Array();

const latin = (text: string, length: number, fill = 0): Buffer => {
  const bytes = Buffer.alloc(length, fill);
  bytes.write(text, 'latin1');
  return bytes;
};

/** Tags as their specifications have them, full of bytes that look like frames of MPEG audio. */
const id3v2 = Buffer.concat([latin('ID3\u0003\u0000\u0000\u0000\u0000\u0001\u0010', 10), Buffer.alloc(144, 0xff)]);
const id3v1 = latin('TAG', 128, 0xff);
function apev2(hasHeader: boolean): Buffer {
  const footer = latin('APETAGEX', 32);
  footer.writeUInt32LE(2000, 8);
  footer.writeUInt32LE(52, 12);
  footer.writeUInt32LE(hasHeader ? 0x80000000 : 0, 20);
  return Buffer.concat([...(hasHeader ? [latin('APETAGEX', 32)] : []), Buffer.alloc(20, 0xff), footer]);
}
const lyrics3 = Buffer.concat([latin('LYRICSBEGIN', 40, 0x20), Buffer.from('000040LYRICS200')]);
const id3v2Footer = Buffer.concat([
  latin('ID3\u0004\u0000\u0010\u0000\u0000\u0000\u0014', 10),
  Buffer.alloc(20, 0xff),
  latin('3DI\u0004\u0000\u0010\u0000\u0000\u0000\u0014', 10),
]);

const compressed = ['a3.flac', 'a3-24.flac', 'a3.ogg', 'a3.opus', 'a3.mp3'];
const pieces = 16;

describe('compressed sounds', () => {
  it('of Opus are read at 48 kHz, without the samples before and after the sound', async () => {
    const opus = await channel(fixture('a3.opus'));
    expect(opus).toHaveLength(24_000);
    // The other fixtures are the same tone at 44.1 kHz: compared at the moments both have.
    const flac = await channel(fixture('a3.flac'));
    const scale = Math.max(...opus) / Math.max(...flac);
    for (let k = 10; k < 145; k++) {
      const difference = Math.abs((opus[k * 160] ?? 0) - scale * (flac[k * 147] ?? 0));
      expect(difference).toBeLessThan(0.1);
    }
  });

  it.each(compressed)('with tags before and after are read as without: %s', async (name) => {
    const bytes = fixture(name);
    const plain = await channel(bytes);
    const tagged = [
      [id3v2, bytes],
      [id3v2, id3v2, Buffer.alloc(30), bytes],
      [bytes, id3v1],
      [bytes, apev2(false), id3v1],
      [bytes, apev2(true)],
      [bytes, lyrics3, id3v1],
      [id3v2, bytes, id3v2Footer],
    ];
    for (const parts of tagged) expect(await channel(Buffer.concat(parts))).toEqual(plain);
  });

  it('are read from memory that others share', async () => {
    for (const name of compressed) {
      const bytes = fixture(name);
      const shared = Buffer.alloc(bytes.length + 200, 0xff);
      shared.set(bytes, 101);
      expect(await channel(shared.subarray(101, 101 + bytes.length))).toEqual(await channel(bytes));
    }
  });

  it.each(compressed)('that are cut short are refused, wherever: %s', async (name) => {
    const bytes = fixture(name);
    for (let k = 1; k <= pieces; k++) {
      const cut = bytes.subarray(0, bytes.length - Math.ceil((k * bytes.length) / (pieces + 1)));
      await expect(decodeSound(cut), `${cut.length} of ${bytes.length} bytes`).rejects.toThrow(/cut short|found an? /);
    }
    for (const missing of [1, 2, 50]) await expect(decodeSound(bytes.subarray(0, -missing))).rejects.toThrow(/cut short/);
    await expect(decodeSound(Buffer.concat([id3v2, bytes.subarray(0, -20)]))).rejects.toThrow(/cut short/);
  });

  it('whose stream does not know its length are read, and refused if cut: FLAC', async () => {
    const bytes = fixture('a3.flac');
    bytes.fill(0, 22, 26);
    bytes.writeUInt8(bytes.readUInt8(21) & 0xf0, 21);
    expect(await channel(bytes)).toEqual(await channel(fixture('a3.flac')));
    for (const missing of [1, 2, 100, 4000]) await expect(decodeSound(bytes.subarray(0, -missing))).rejects.toThrow(/cut short/);
  });

  it('whose header tells another length are refused: FLAC', async () => {
    for (const total of [22_049, 22_051, 100]) {
      const bytes = fixture('a3.flac');
      bytes.writeUInt32BE(total, 22);
      await expect(decodeSound(bytes)).rejects.toThrow(`expected ${total} samples, found 22050`);
    }
  });
});

/** Pages of a file, as it is taken apart by the lengths in their headers alone. */
const pagesOf = (bytes: Buffer): Buffer[] => {
  const pages: Buffer[] = [];
  for (let at = 0; at < bytes.length;) {
    const count = bytes.readUInt8(at + 26);
    const length = 27 + count + bytes.subarray(at + 27, at + 27 + count).reduce((sum, piece) => sum + piece, 0);
    pages.push(Buffer.from(bytes.subarray(at, at + length)));
    at += length;
  }
  return pages;
};
const sealed = (page: Buffer): Buffer => {
  page.writeUInt32LE(0, 22);
  page.writeUInt32LE(oggChecksum(page), 22);
  return page;
};

const joined = (list: readonly Buffer[]): Promise<unknown> => decodeSound(Buffer.concat(list));

describe('Ogg', () => {
  it.each(['a3.ogg', 'a3.opus'])('with a page missing, doubled or damaged is refused: %s', async (name) => {
    const pages = pagesOf(fixture(name));
    const last = pages.length - 1;
    const middle = Math.floor(pages.length / 2);
    await expect(joined(pages.slice(0, last))).rejects.toThrow(/expected a last page of the Ogg stream, found none/);
    await expect(joined(pages.slice(1))).rejects.toThrow(/its beginning is missing/);
    await expect(joined(pages.toSpliced(middle, 1))).rejects.toThrow(/a piece is missing/);
    await expect(joined(pages.toSpliced(middle, 0, pages[middle] ?? Buffer.alloc(0)))).rejects.toThrow(/a piece is missing/);
    await expect(joined([...pages, Buffer.from('something else')])).rejects.toThrow(/expected an Ogg page, found something else/);
    const damaged = Buffer.concat(pages);
    damaged.writeUInt8(damaged.readUInt8(damaged.length - 10) ^ 1, damaged.length - 10);
    await expect(decodeSound(damaged)).rejects.toThrow(/agree with their checksums, found damage/);
    const other = pages.map((page) => sealed(Buffer.from(page)));
    other.at(-1)?.writeUInt32LE(99, 14);
    await expect(joined([...other.slice(0, -1), sealed(other.at(-1) ?? Buffer.alloc(27))])).rejects.toThrow(/a second one/);
    expect(await channel(Buffer.concat([...pages, Buffer.alloc(100)]))).toEqual(await channel(fixture(name)));
  });

  it('of a codec that is not read is named', async () => {
    const page = sealed(Buffer.concat([latin('OggS\u0000\u0006', 27), Buffer.from([80]), latin('Speex   1.2', 80)]));
    page.writeUInt8(1, 26);
    await expect(decodeSound(sealed(page))).rejects.toThrow(/expected Ogg of Vorbis, Opus or FLAC, found Ogg of Speex/);
  });
});

describe('MP3', () => {
  const bytes = fixture('a3.mp3');
  const frameLength = firstFrame(bytes, 1);
  /** The file behind a first frame that announces so many frames and bytes, as encoders with variable bitrates write it. */
  function announced(frames: number, length: number, sound: Uint8Array = bytes): Buffer {
    const head = Buffer.alloc(frameLength);
    head.set(bytes.subarray(0, 4));
    const isMono = head.readUInt8(3) >> 6 === 3;
    const at = 4 + (isMono ? 17 : 32);
    head.write('Info', at);
    head.writeUInt32BE(3, at + 4);
    head.writeUInt32BE(frames, at + 8);
    head.writeUInt32BE(length, at + 12);
    return Buffer.concat([head, sound]);
  }
  const frames = (checkMpeg(bytes)?.samples ?? 0) / 1152;

  it('with a first frame that announces what there is, is read', async () => {
    expect(frames).toBe(21);
    const sound = await channel(announced(frames, frameLength + bytes.length));
    expect(Math.abs(sound.length - 22_050)).toBeLessThan(3 * 1152);
  });

  it('of one channel is one channel, though its decoder gives two; of two channels in any frame it is two', async () => {
    expect((await decodeSound(bytes)).channels).toHaveLength(1);
    expect((await decodeSound(announced(frames, frameLength + bytes.length))).channels).toHaveLength(1);
    const mixed = Buffer.from(bytes);
    const last = firstFrame(bytes, bytes.length - frameLength - 1);
    mixed.writeUInt8(mixed.readUInt8(last + 3) & 0x3f, last + 3);
    expect([checkMpeg(bytes)?.isMono, checkMpeg(mixed)?.isMono]).toEqual([true, false]);
  });

  it('cut between two frames is refused by what its first frame announces', async () => {
    const cut = bytes.subarray(0, firstFrame(bytes, Math.floor(bytes.length / 2)));
    expect(checkMpeg(cut)?.samples).toBeLessThan(frames * 1152);
    await expect(decodeSound(announced(frames, frameLength + bytes.length, cut))).rejects.toThrow(
      /bytes as its first frame says/,
    );
    await expect(decodeSound(announced(frames, 0, cut))).rejects.toThrow(/expected 21 frames as the first one says, found/);
  });

  it('that is longer than its first frame announces is whole or refused, never a part', async () => {
    const sound = await decodeSound(announced(3, 400)).catch((error: Error) => error);
    if (sound instanceof Error) expect(sound.message).toMatch(/expected 24192 samples .* tells another length/);
    else expect(sound.channels[0]?.length).toBeGreaterThan(22_050);
  });

  it('with something between its frames is refused, with a tag between them read', async () => {
    const middle = firstFrame(bytes, Math.floor(bytes.length / 2));
    const between = (piece: Buffer): Buffer => Buffer.concat([bytes.subarray(0, middle), piece, bytes.subarray(middle)]);
    await expect(decodeSound(between(Buffer.alloc(300, 0x41)))).rejects.toThrow(
      /follow one another, found something else at byte/,
    );
    expect((await channel(between(id3v2))).length).toBe((await channel(bytes)).length);
  });
});

describe('what is no sound', () => {
  it('has its tags taken off at both ends and nowhere else', () => {
    const inner = Buffer.concat([Buffer.from('inner'), id3v2, id3v1, Buffer.from('x')]);
    expect(withoutTagsBefore(Buffer.concat([id3v2, inner])).length).toBe(inner.length);
    expect(withoutTagsAfter(Buffer.concat([inner, apev2(true), id3v1])).length).toBe(inner.length);
    expect(withoutTagsBefore(inner)).toBe(inner);
  });

  it.each([
    ['AAC in MPEG-4', latin('\u0000\u0000\u0000\u0020ftypM4A ', 100)],
    ['AAC (ADTS)', Buffer.from([0xff, 0xf1, 0x50, 0x80, 0, 0, 0, 0])],
    ['AppleDouble', Buffer.from([0, 5, 0x16, 7, 0, 2, 0, 0, 0, 0, 0, 0])],
    ['a web page', Buffer.from('\n<!DOCTYPE html><html>')],
    ['a MIDI file', latin('MThd', 40)],
    ['big-endian WAV', latin('RIFX', 40)],
    ['Wave64', Buffer.from([0x72, 0x69, 0x66, 0x66, 0x2e, 0x91, 0xcf, 0x11])],
    ['a zip archive', latin('PK\u0003\u0004', 40)],
    ['an empty file', Buffer.alloc(0)],
    ['something else', Buffer.from('hello')],
  ])('is named: %s', async (what, bytes) => {
    expect(soundFormat(bytes)).toBeUndefined();
    await expect(decodeSound(bytes)).rejects.toThrow(`expected WAV, AIFF, FLAC, MP3 or Ogg (Vorbis, Opus, FLAC), found ${what}`);
  });
});
