import { writeMidi } from 'midi-file';
import { describe, expect, it } from 'vitest';
import { chunk, endOfTrack, header, quarter, riff, tempo, track, triad } from '../test-support/midi-bytes.js';
import { largestMidiFile } from './midi-file.js';
import { readScore, type ScoreNote } from './read-score.js';

const read = (...parts: readonly (readonly number[])[]) => readScore(Uint8Array.from(parts.flat()), 'm');
const brief = (notes: readonly ScoreNote[]) => notes.map(({ pitch, start, end }) => [pitch, start, end]);
const whole = [...triad, ...endOfTrack];
const halfSeconds = [
  [60, 0, 0.5],
  [64, 0.5, 1],
  [67, 1, 1.5],
];

describe('oddities that do no harm', () => {
  const cases: Record<string, number[][]> = {
    'nothing unusual': [header(), track(whole)],
    'a sequence number without a number': [header(), track([0, 0xff, 0, 0, ...whole])],
    'a sequence number of three bytes': [header(), track([0, 0xff, 0, 3, 1, 2, 3, ...whole])],
    'a key of no bytes': [header(), track([0, 0xff, 0x59, 0, ...whole])],
    'a key of five bytes': [header(), track([0, 0xff, 0x59, 5, 1, 2, 3, 4, 5, ...whole])],
    'a metre of one byte': [header(), track([0, 0xff, 0x58, 1, 4, ...whole])],
    'a channel prefix and a port of no bytes': [header(), track([0, 0xff, 0x20, 0, 0, 0xff, 0x21, 0, ...whole])],
    'a film time of two bytes': [header(), track([0, 0xff, 0x54, 2, 0, 0, ...whole])],
    'an end of track with a byte in it': [header(), track([...triad, 0, 0xff, 0x2f, 1, 0])],
    'a tempo of no bytes': [header(), track([0, 0xff, 0x51, 0, ...whole])],
    'a tempo of four bytes': [header(), track([0, 0xff, 0x51, 4, 0x07, 0xa1, 0x20, 9, ...whole])],
    'a tempo of 0': [header(), track([...tempo(0), ...whole])],
    'a track length too large': [header(), track(whole, 4000)],
    'a track length too large before another track': [
      header({ tracks: 2 }),
      track(whole, whole.length + 3),
      track([...endOfTrack]),
    ],
    'a track length of 0': [header(), track(whole, 0)],
    'a track length too small': [header(), track(whole, 10)],
    'no end of track': [header(), track(triad as number[])],
    'bytes behind the end of a track': [header({ tracks: 2 }), track([...whole, 1, 2, 3]), track([...endOfTrack])],
    'a byte at the end of the file': [header(), track(whole), [0]],
    'chunks of other kinds': [header(), chunk('XFIH', [1, 2, 3]), track(whole), chunk('XFKM', [4])],
    'a chunk of another kind that is longer than the file': [header(), track(whole), chunk('XFKM', [4], 1e6)],
    'a chunk of another kind whose length is wrong': [header(), chunk('XFIH', [1, 2, 3], 5), track(whole)],
    'more tracks than announced': [header(), track([...endOfTrack]), track(whole)],
    'no tracks announced': [header({ tracks: 0 }), track(whole)],
    'several tracks in format 0': [header({ format: 0 }), track([...endOfTrack]), track(whole)],
    'an empty track': [header({ tracks: 2 }), track([]), track(whole)],
    'a longer header': [chunk('MThd', [0, 1, 0, 1, 1, 0xe0, 7, 7]), track(whole)],
    'messages of the system, and exclusive ones': [
      header(),
      track([0, 0xf0, 2, 1, 0xf7, 0, 0xf7, 1, 5, 0, 0xf2, 1, 2, 0, 0xf8, ...whole]),
    ],
    'a RIFF file': [riff([...header(), ...track(whole)])],
    'a RIFF file with a chunk of odd length before': [
      riff([...header(), ...track(whole)], { before: [...'DISP'].map((c) => c.charCodeAt(0)).concat(1, 0, 0, 0, 9, 0) }),
    ],
    'running status': [
      header(),
      track([0, 0x90, 60, 100, ...quarter, 60, 0, 0, 64, 100, ...quarter, 64, 0, 0, 67, 100, ...quarter, 67, 0, ...endOfTrack]),
    ],
    'running status across a text and an exclusive message': [
      header(),
      track([
        0,
        0x90,
        60,
        100,
        ...quarter,
        60,
        0,
        0,
        0xff,
        1,
        1,
        65,
        0,
        64,
        100,
        ...quarter,
        64,
        0,
        0,
        0xf0,
        1,
        0xf7,
        0,
        67,
        100,
        ...quarter,
        67,
        0,
        ...endOfTrack,
      ]),
    ],
  };
  it.each(Object.entries(cases))('%s', (_, parts) => {
    expect(brief(read(...parts).notes)).toEqual(halfSeconds);
  });

  it('a long text, which does not fill the stack', () => {
    const text = [0, 0xff, 1, 0x8c, 0x80, 0x00, ...Array.from({ length: 0x0c << 14 }, () => 65)];
    expect(brief(read(header(), track([...text, ...whole])).notes)).toEqual(halfSeconds);
  });
});

const frames = (rate: number, ticks: number): number => ((256 - rate) << 8) | ticks;

describe('time', () => {
  it('follows the tempi of every track, and says so', () => {
    const { notes, remarks } = read(header({ tracks: 2 }), track([...endOfTrack]), track([...tempo(1_000_000), ...whole]));
    expect(brief(notes)).toEqual([
      [60, 0, 1],
      [64, 1, 2],
      [67, 2, 3],
    ]);
    expect(remarks).toEqual(['m: tempo changes on track 2, not only on the first, are heard.']);
  });

  it('merges tempi of several tracks in the order of their ticks', () => {
    const late = [...quarter, ...tempo(250_000).slice(1), ...endOfTrack];
    const { notes } = read(header({ tracks: 3 }), track(late), track([...tempo(1_000_000), ...endOfTrack]), track(whole));
    expect(brief(notes)).toEqual([
      [60, 0, 1],
      [64, 1, 1.25],
      [67, 1.25, 1.5],
    ]);
  });

  it('may be counted in film frames, where no tempo changes it', () => {
    const { notes } = read(header({ division: frames(25, 40) }), track([...tempo(1_000_000), ...whole]));
    expect(brief(notes)[0]).toEqual([60, 0, 0.48]);
    expect(read(header({ division: frames(29, 80) }), track(whole)).notes[0]?.end).toBeCloseTo((480 * 1001) / 30_000 / 80, 12);
    expect(() => read(header({ division: frames(31, 40) }), track(whole))).toThrow(/^voice: m: .*31 frames/);
    expect(() => read(header({ division: 0 }), track(whole))).toThrow(/^voice: m: .*beat of 0 ticks/);
  });

  it('goes on from track to track in format 2, each in its own tempo', () => {
    const first = [...tempo(1_000_000), 0, 0x90, 60, 100, ...quarter, 0x80, 60, 0, ...quarter, ...endOfTrack.slice(1)];
    const { notes, remarks } = read(header({ format: 2, tracks: 2 }), track(first), track(whole));
    expect(brief(notes)).toEqual([
      [60, 0, 1],
      [60, 2, 2.5],
      [64, 2.5, 3],
      [67, 3, 3.5],
    ]);
    expect(remarks).toEqual([]);
  });
});

describe('notes', () => {
  it('end all that sound on their key, but not what began in the same tick', () => {
    const body = [0, 0x90, 60, 50, ...quarter, 0x90, 60, 70, ...quarter, 0x90, 60, 90, 0, 0x80, 60, 0, ...quarter, 0x80, 60, 0];
    const { notes } = read(header(), track([...body, ...endOfTrack]));
    expect(notes.map(({ velocity, start, end }) => [velocity, start, end])).toEqual([
      [50, 0, 1],
      [70, 0.5, 1],
      [90, 1, 1.5],
    ]);
  });

  it('that never end are left out, with a word', () => {
    const { notes, remarks } = read(header(), track([0, 0x91, 72, 1, 0, 0x91, 72, 0, ...whole]));
    expect(brief(notes)).toEqual(halfSeconds);
    expect(remarks).toEqual(['m: 1 notes that never end are left out.']);
  });

  it('are the same that another reader finds', () => {
    const song = writeMidi({
      header: { format: 1, numTracks: 1, ticksPerBeat: 96 },
      tracks: [
        [
          { deltaTime: 0, type: 'programChange', channel: 3, programNumber: 7 },
          { deltaTime: 1000, type: 'noteOn', channel: 3, noteNumber: 40, velocity: 9 },
          { deltaTime: 20_000, type: 'noteOff', channel: 3, noteNumber: 40, velocity: 0 },
          { deltaTime: 0, type: 'endOfTrack', meta: true },
        ],
      ],
    });
    expect(readScore(Uint8Array.from(song)).notes).toEqual([
      { start: (1000 / 96) * 0.5, end: (21_000 / 96) * 0.5, pitch: 40, velocity: 9 },
    ]);
  });
});

const song = (pieces: readonly (readonly [count: number, bytes: readonly number[]])[], division?: number): Uint8Array => {
  const length = pieces.reduce((sum, [count, bytes]) => sum + count * bytes.length, 0);
  const file = new Uint8Array(22 + length);
  file.set([...header(division === undefined ? {} : { division }), ...track([], length)]);
  let at = 22;
  for (const [count, bytes] of pieces) for (let i = 0; i < count; i++, at += bytes.length) file.set(bytes, at);
  return file;
};

describe('large files are read in proportion to their length', () => {
  // The limit of a test is some seconds: a reader whose time grows with the square takes minutes for these.
  it('where one key is struck again and again', () => {
    const file = song([
      [100_000, [1, 0x90, 60, 100]],
      [1, [1, 0x80, 60, 0, ...endOfTrack]],
    ]);
    expect(readScore(file).notes).toHaveLength(100_000);
  });

  it('where one key is let go again and again in the tick in which it was struck', () => {
    const file = song([
      [100_000, [0, 0x90, 60, 100]],
      [100_000, [0, 0x80, 60, 0]],
      [1, [1, 0x80, 60, 0, ...endOfTrack]],
    ]);
    expect(readScore(file).notes).toHaveLength(100_000);
  });

  it('where the tempo changes at every note', () => {
    const each = [1, 0xff, 0x51, 3, 7, 0xa1, 0x20, 0, 0x90, 60, 100, 1, 0x80, 60, 0];
    const { notes } = readScore(
      song(
        [
          [200_000, each],
          [1, endOfTrack],
        ],
        2,
      ),
    );
    expect(notes.at(-1)?.end).toBeCloseTo(100_000, 6);
  });

  it('and refused by name beyond 32 MiB', () => {
    expect(() => readScore(new Uint8Array(largestMidiFile + 1), 'm')).toThrow(/^voice: m: expected at most 33554432 bytes/);
  });
});

const fine = ({ start, end, pitch, velocity }: ScoreNote): boolean =>
  start >= 0 && end >= start && Number.isFinite(end) && pitch >= 0 && pitch <= 127 && velocity >= 1 && velocity <= 127;

/** Undefined if it was read as notes with finite times, or refused with a message that names the file. */
const faultOf = (bytes: Uint8Array): string | undefined => {
  try {
    const { notes } = readScore(bytes, 'm');
    return notes.length <= bytes.length / 2 && notes.every(fine) ? undefined : JSON.stringify(notes);
  } catch (error) {
    return String(error).includes(': voice: m: ') ? undefined : String(error);
  }
};

describe('a damaged file', () => {
  it.each<[string, number[][], RegExp]>([
    ['something else', [[1, 2, 3]], /MThd/],
    ['nothing', [[]], /MThd/],
    ['a short header', [chunk('MThd', [0, 1], 2), track(whole)], /header of 2 bytes/],
    ['a format nobody defined', [header({ format: 3 }), track(whole)], /format 3/],
    ['no track', [header()], /1 tracks announced, 0 there/],
    ['a missing track', [header({ tracks: 2 }), track(whole)], /2 tracks announced, 1 there/],
    ['an event without a status', [header(), track([0, 60, 100, ...endOfTrack])], /without a status/],
    ['a note above 127', [header(), track([0, 0x90, 0xc0, 100, ...endOfTrack])], /note 192/],
    ['a time of five bytes', [header(), track([0xff, 0xff, 0xff, 0xff, 1, 0x90, 60, 100])], /more than four bytes/],
    ['a text longer than the file', [header(), track([0, 0xff, 1, 0xff, 0x7f, 65])], /16383 bytes announced, 1 left/],
    ['a RIFF file without data', [riff([]).slice(0, 12)], /MThd/],
  ])('with %s is refused', (_, parts, message) => {
    expect(() => read(...parts)).toThrow(message);
    expect(() => read(...parts)).toThrow(/^voice: m: /);
  });

  it('that was cut anywhere is refused', () => {
    const file = [...header({ tracks: 2 }), ...track([...tempo(600_000), ...endOfTrack]), ...track(whole)];
    for (let end = 0; end < file.length; end++) expect(() => read(file.slice(0, end)), String(end)).toThrow(/^voice: m: /);
  });

  const rich = [
    ...header({ tracks: 3 }),
    ...track([0, 0xff, 3, 2, 72, 105, ...tempo(600_000), ...quarter, ...tempo(300_000).slice(1), ...endOfTrack]),
    ...chunk('XFIH', [1, 2]),
    ...track([0, 0xc0, 5, 0, 0xb0, 64, 127, ...whole]),
    ...track([0, 0xf0, 3, 1, 2, 0xf7, 0, 0x91, 60, 100, 10, 64, 90, ...quarter, 60, 0, 0, 64, 0, 0, 0xe1, 0, 64, ...endOfTrack]),
  ];

  it.each([
    ['plain', rich],
    ['in a RIFF file', riff(rich)],
    ['of format 2', [...header({ format: 2, tracks: 3 }), ...rich.slice(14)]],
  ])('%s, in which any byte is wrong, missing or one too many, ends in notes or in an error', (_, valid) => {
    const file = Uint8Array.from(valid);
    const faults: string[] = [];
    const check = (bytes: Uint8Array, how: string): void => {
      const fault = faultOf(bytes);
      if (fault !== undefined) faults.push(`${how}: ${fault}`);
    };
    check(file, 'whole');
    for (let at = 0; at < file.length; at++) {
      const byte = file[at]!;
      for (const value of [0, 1, 0x2f, 0x51, 0x7f, 0x80, 0x90, 0xf0, 0xff, byte ^ 1, byte ^ 0x40, byte ^ 0x80]) {
        check(file.with(at, value), `${value} at ${at}`);
      }
      check(Uint8Array.from([...file.subarray(0, at), ...file.subarray(at + 1)]), `without ${at}`);
      for (const value of [0, 0x90, 0xff]) {
        check(Uint8Array.from([...file.subarray(0, at), value, ...file.subarray(at)]), `${value} before ${at}`);
      }
    }
    expect(faults).toEqual([]);
  });
});
