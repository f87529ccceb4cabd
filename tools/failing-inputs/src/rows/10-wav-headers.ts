import { readdirSync } from 'node:fs';
import { encodeWav } from '@gansynth/nsynth-data';
import { expect } from 'vitest';
import type { Row } from '../row.js';
import { put, tone } from '../sounds.js';

const ids = (text: string): Buffer => Buffer.from(text, 'latin1');
const little = (value: number, bytes: number): Buffer => {
  const out = Buffer.alloc(bytes);
  out.writeUIntLE(value, 0, bytes);
  return out;
};

const file = (...parts: Buffer[]): Buffer => Buffer.concat(parts);

export const row: Row = {
  about: 'headers of streams and of careless writers, and codings that are old or rare',
  make(folder) {
    const plain = Buffer.from(encodeWav(tone(69), 16_000));
    const [head, samples] = [plain.subarray(0, 36), plain.subarray(44)];
    const data = (size: number): Buffer => Buffer.concat([ids('data'), little(size, 4)]);
    const list = Buffer.concat([ids('LIST'), little(17, 4), ids('INFOINAM'), little(5, 4), ids('A440\0')]);
    put(folder, 'odd_list_unpadded.wav', file(head, list, data(samples.length), samples));
    put(folder, 'odd_tail.wav', file(head, data(samples.length + 1), samples, Buffer.alloc(2)));
    for (const size of [0, 0x7fffffff, 0xffffffff]) {
      const stream = Buffer.from(head);
      stream.writeUInt32LE(size, 4);
      put(folder, `stream_${size}.wav`, file(stream, data(size), samples));
    }
    const wide = Buffer.concat([ids('ds64'), little(28, 4), Buffer.alloc(8), little(samples.length, 6), Buffer.alloc(14)]);
    for (const form of ['RF64', 'BW64']) {
      const unknown = Buffer.from([0xff, 0xff, 0xff, 0xff]);
      put(folder, `${form}.wav`, file(ids(form), unknown, ids('WAVE'), wide, head.subarray(12), data(0xffffffff), samples));
    }
    const deep = Buffer.from(head);
    deep.writeUInt32LE(48_000, 28);
    deep.writeUInt16LE(3, 32);
    deep.writeUInt16LE(20, 34);
    const bytes = Buffer.alloc((samples.length / 2) * 3);
    for (let k = 0; k < samples.length / 2; k++) samples.copy(bytes, 3 * k + 1, 2 * k, 2 * k + 2);
    put(folder, 'pcm20.wav', file(deep, data(bytes.length), bytes));
  },
  async check(bench) {
    const { report, notes } = await bench.import(bench.inputs, '--seconds', '0.6');
    const count = readdirSync(bench.inputs).length;
    expect(report).toMatchObject({ imported: count, refused: 0 });
    const made = await notes();
    expect(made).toHaveLength(count);
    for (const { pitch, audio } of made) expect([pitch, audio.shape]).toEqual([69, [9600]]);
  },
};
