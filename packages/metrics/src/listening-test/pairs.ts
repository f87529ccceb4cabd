import type { OptionNames } from '@gansynth/common/check-options';
import { checkOptions } from '../check-options.js';
import { type RandomStream, randomStream } from '@gansynth/common/random';
import { checkedCount, checkedNumber } from '../note/audio.js';
import { type ListeningCatch, makeCatches } from './catches.js';
import { TooFewExamplesError, ValueError } from '../errors.js';

/** A note of one of the models, as it lies in a folder. */
export interface ListeningNote {
  readonly model: string;
  /** File name or other name, unique within the model. */
  readonly id: string;
  readonly pitch: number;
}

/** Two notes to be heard one after the other. */
export interface ListeningPair {
  readonly id: string;
  readonly pitch: number;
  readonly first: { readonly model: string; readonly id: string };
  readonly second: { readonly model: string; readonly id: string };
}

export interface ListeningTestOptions {
  /** Comparisons of each two models. Even, so that each comes first equally often. */
  readonly comparisons: number;
  /** Number of listeners among whom the pairs are dealt. Default 1. */
  readonly listeners?: number;
  /** Listeners who judge each pair; two or more let agreement be measured. Default 1. */
  readonly judgements?: number;
  /** Further pairs in each sheet whose right answer is known, by which who does not listen is found out. Default 0. */
  readonly catches?: number;
  /** Default 0. */
  readonly seed?: number;
}

/** Their names, each once. */
export const listeningTestOptionNames: OptionNames<ListeningTestOptions> = {
  comparisons: true,
  listeners: true,
  judgements: true,
  catches: true,
  seed: true,
};

export interface ListeningTest {
  readonly pairs: readonly ListeningPair[];
  /** Named like the pairs: a listener cannot tell them apart. */
  readonly catches: readonly ListeningCatch[];
  /** For each listener the ids of the pairs and catches, in the order to be played. */
  readonly sheets: readonly (readonly string[])[];
  readonly seed: number;
}

/**
 * The pairs of a listening test, balanced: every two models meet equally often, each comes first equally often, on the pitches both have as
 * evenly as possible, with every note used about as often as the others of its model and pitch. Each sheet has the same length to within
 * one for each judgement.
 *
 * @throws ValueError if two notes of a model have one id, or an option is out of range
 * @throws TooFewExamplesError with one model, or for two models without a common pitch
 * @see Engel et al. 2019, section 5.1 (human evaluation)
 */
export function makeListeningTest(notes: readonly ListeningNote[], options: ListeningTestOptions): ListeningTest {
  checkOptions('makeListeningTest', options, listeningTestOptionNames);
  const { comparisons, listeners = 1, judgements = 1, catches = 0, seed = 0 } = options;
  const who = 'makeListeningTest';
  checkedNumber(comparisons, 2, 1e6, who, 'comparisons');
  if (comparisons % 2 !== 0)
    throw new ValueError(`${who}: expected an even number of comparisons, found ${comparisons}.`, comparisons);
  checkedNumber(listeners, 1, 1e6, who, 'listeners');
  checkedNumber(judgements, 1, listeners, who, 'judgements (each pair at most once a listener)');
  checkedCount(catches, 0, 1000, who, 'catches');
  const stream = randomStream(seed, 'listening-test');
  const decks = shuffledDecks(notes, stream, who);
  const models = [...decks.keys()].sort();
  if (models.length < 2) {
    throw new TooFewExamplesError(`${who}: expected notes of at least 2 models, found ${models.length}.`, models.length, 2);
  }
  const pairs: Omit<ListeningPair, 'id'>[] = [];
  for (const [i, a] of models.entries()) {
    for (const b of models.slice(i + 1)) {
      const [ofA, ofB] = [decks.get(a), decks.get(b)] as [Decks, Decks];
      const common = [...ofA.keys()].filter((pitch) => ofB.has(pitch)).sort((x, y) => x - y);
      if (common.length === 0) {
        throw new TooFewExamplesError(
          `${who}: expected ${a} and ${b} to have notes of one pitch, found none. Generate both with the same pitches.`,
          0,
          1,
        );
      }
      const pitchOf = deal(common, stream);
      for (let k = 0; k < comparisons; k++) {
        const pitch = pitchOf();
        const [x, y] = [
          { model: a, id: ofA.get(pitch)!() },
          { model: b, id: ofB.get(pitch)!() },
        ];
        pairs.push({ pitch, first: k % 2 ? y : x, second: k % 2 ? x : y });
      }
    }
  }
  const caught = makeCatches(notes, listeners * catches, seed, deal);
  const ids = Array.from(stream.permutation(pairs.length + caught.length), (from, i) => [from, `pair-${i + 1}`] as const);
  const named = ids.flatMap(([from, id]) => (from < pairs.length ? [{ id, ...pairs[from]! }] : []));
  const namedCatches = ids
    .filter(([from]) => from >= pairs.length)
    .sort(([a], [b]) => a - b)
    .map(([from, id]) => ({ id, ...caught[from - pairs.length]! }));
  return { pairs: named, catches: namedCatches, sheets: makeSheets(named, namedCatches, listeners, judgements, stream), seed };
}

/** Draws the id of the next note of one pitch. */
type Decks = Map<number, () => string>;

function shuffledDecks(notes: readonly ListeningNote[], stream: RandomStream, who: string): Map<string, Decks> {
  const ids = new Map<string, Map<number, string[]>>();
  const seen = new Set<string>();
  // In alphabetical order first: a folder's order must not matter.
  for (const { model, id, pitch } of [...notes].sort((a, b) => (a.id < b.id ? -1 : a.id > b.id ? 1 : 0))) {
    const name = JSON.stringify([model, id]);
    if (seen.has(name)) throw new ValueError(`${who}: expected one note of each id, found "${id}" twice in ${model}.`, id);
    seen.add(name);
    const byPitch = ids.get(model) ?? new Map<number, string[]>();
    ids.set(model, byPitch);
    byPitch.set(pitch, [...(byPitch.get(pitch) ?? []), id]);
  }
  const models = [...ids].sort(([a], [b]) => (a < b ? -1 : 1));
  return new Map(
    models.map(([model, byPitch]) => [
      model,
      new Map([...byPitch].sort(([a], [b]) => a - b).map(([pitch, names]) => [pitch, deal(names, stream)])),
    ]),
  );
}

/** Hands out all items in random order, then all again in another. */
function deal<T>(items: readonly T[], stream: RandomStream): () => T {
  let order: Int32Array = new Int32Array(0);
  let position = 0;
  return () => {
    if (position === order.length) {
      order = stream.permutation(items.length);
      position = 0;
    }
    return items[order[position++]!] as T;
  };
}

function makeSheets(
  pairs: readonly ListeningPair[],
  catches: readonly ListeningCatch[],
  listeners: number,
  judgements: number,
  stream: RandomStream,
): string[][] {
  const sheets = Array.from({ length: listeners }, (): string[] => []);
  for (const [i, { id }] of pairs.entries()) {
    for (let j = 0; j < judgements; j++) sheets[(i * judgements + j) % listeners]!.push(id);
  }
  // Dealt in blocks: their kinds take turns, so that whole turns fall to every sheet.
  for (const [i, { id }] of catches.entries()) sheets[Math.floor((i * listeners) / catches.length)]!.push(id);
  return sheets.map((sheet) => Array.from(stream.permutation(sheet.length), (i) => sheet[i]!));
}
