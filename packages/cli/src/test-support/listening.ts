import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { randomStream } from '@gansynth/common/random';
import { hertzOfPitch } from '@gansynth/common/note-name';
import type { ListeningAnswerSheet } from '@gansynth/metrics';
import type { TestKey } from '../listening/key.js';
import { makeTest } from '../listening/make-test.js';
import type { NoteSource } from '../pipeline/note-sources.js';
import { createProgress } from '../app/progress.js';
import type { Context } from '../app/command.js';

const rate = 16_000;

/** Tones, the more in noise the worse, each at its own level. */
export const source = (name: string, noise: number, seconds = 0.15): NoteSource => ({
  name,
  where: name,
  kind: 'notes',
  pitches: [57, 60, 64],
  sampleRate: rate,
  checksum: name,
  async *notes(pitches) {
    for (const [at, pitch] of pitches.entries()) {
      const hiss = randomStream(at, name).normalValues(Math.round(rate * seconds));
      const audio = hiss.map(
        (value, n) => (0.1 + 0.1 * (at % 3)) * (Math.sin((2 * Math.PI * hertzOfPitch(pitch) * n) / rate) + noise * value),
      );
      yield { id: `${name}-${at}`, pitch, audio };
    }
  },
  close: async () => undefined,
});

/** A context that says nothing. */
export const quiet = (): Context => ({
  signal: new AbortController().signal,
  progress: createProgress({ stream: process.stderr, style: 'none' }),
  keeps: () => undefined,
  note: () => undefined,
  json: true,
});

/** A small test of three models, the best first. */
export async function smallTest(folder: string, options: { listeners?: number } = {}): Promise<TestKey> {
  const sources = [source('clean', 0), source('hiss', 0.2), source('storm', 1)];
  const pitches = [57, 60, 64, 57, 60, 64];
  const { key } = await makeTest(
    folder,
    sources,
    { pitches, comparisons: 10, listeners: 2, judgements: 1, catches: 4, seed: 1, ...options },
    quiet(),
  );
  return key;
}

/** What a listener answers who hears the noise. */
export function honest({ pairs, catches }: Pick<TestKey, 'pairs' | 'catches'>, id: string): number {
  const better = catches.find((one) => one.id === id)?.better;
  if (better !== undefined) return { first: -2, neither: 0, second: 2 }[better];
  const pair = pairs.find((one) => one.id === id)!;
  const order = ['storm', 'hiss', 'clean'];
  return order.indexOf(pair.second.model) - order.indexOf(pair.first.model);
}

/** The whole sheet of a listener, from 1. */
export const sheetOf = (
  key: TestKey,
  sheet: number,
  listener: string,
  answer: (id: string) => number = (id) => honest(key, id),
): ListeningAnswerSheet => {
  const answers = key.sheets[sheet - 1]!.map((pair) => ({ pair, answer: answer(pair) }));
  return { kind: 'gansynth-listening-answers', format: 1, test: key.id, listener, sheet, revision: answers.length, answers };
};

/** Samples of a WAV file of 16 bits. */
export const samplesOf = (folder: string, file: string): Float32Array => {
  const bytes = readFileSync(join(folder, file));
  return Float32Array.from({ length: (bytes.length - 44) / 2 }, (_, n) => bytes.readInt16LE(44 + 2 * n) / 32_768);
};
