import { breathe } from '@gansynth/common/breathe';
import { randomStream, type RandomStream } from '@gansynth/common/random';
import { existsSync } from 'node:fs';
import { join, resolve } from 'node:path';
import type { Context } from '../app/command.js';
import { UsageError } from '../app/errors.js';
import { hashOf } from '../shares/hash-of.js';
import { startBackend, type BackendOptions } from '../backend/options.js';
import { openModel } from './open-model.js';
import { openCollection } from './open-notes.js';
import type { SourceName } from './source-names.js';

/** A note of a source. */
export interface SourceNote {
  /** Unique within the source. */
  readonly id: string;
  /** MIDI. */
  readonly pitch: number;
  readonly audio: Float32Array;
}

/** A model that plays notes, or a folder of them. */
export interface NoteSource extends SourceName {
  readonly kind: 'model' | 'notes';
  /** MIDI, ascending. */
  readonly pitches: readonly number[];
  /** Hz */
  readonly sampleRate: number;
  /** Tells it from another: a hash, or a checksum of its notes. */
  readonly checksum: string;
  /**
   * Notes at these pitches, in their order; of a folder no note twice, so fewer where it has not as many.
   *
   * @param only of a model: those at these places in `pitches`
   */
  notes(pitches: readonly number[], seed: number, only?: readonly number[]): AsyncGenerator<SourceNote>;
  close(): Promise<void>;
}

const isCollection = (where: string): boolean =>
  existsSync(where) && !existsSync(join(where, 'gansynth.json')) && !existsSync(join(where, 'recipe.json'));

async function modelSource({ name, where }: SourceName, { signal }: Context, runs: string): Promise<NoteSource> {
  const voice = await openModel(where, runs);
  const { pitches, sampleRate } = voice;
  return {
    name,
    where: voice.source,
    kind: 'model',
    pitches,
    sampleRate,
    checksum: hashOf(voice.manifest),
    async *notes(wanted, seed, only = [...wanted.keys()]) {
      const latents = voice.draw(wanted.length, seed);
      const played = only.map((at) => ({ id: `seed-${seed}-${at + 1}`, pitch: wanted[at]!, latent: latents[at]! }));
      let done = 0;
      const pitchesPlayed = played.map(({ pitch }) => pitch);
      for await (const audio of voice.notes(pitchesPlayed, { latent: played.map(({ latent }) => latent), signal })) {
        const { id, pitch } = played[done++]!;
        yield { id, pitch, audio };
      }
    },
    close: async () => voice.dispose(),
  };
}

function* shuffled(positions: readonly number[], random: RandomStream): Generator<number, undefined> {
  for (const i of random.permutation(positions.length)) yield positions[i]!;
}

async function folderSource({ name, where }: SourceName, context: Context): Promise<NoteSource> {
  const dataset = await openCollection(where, context);
  const at = new Map<number, number[]>();
  for (const [position, { pitch }] of [...dataset.listing()].entries()) {
    const positions = at.get(pitch);
    if (positions === undefined) at.set(pitch, [position]);
    else positions.push(position);
  }
  return {
    name,
    where: resolve(where),
    kind: 'notes',
    pitches: [...at.keys()].sort((a, b) => a - b),
    sampleRate: dataset.sampleRate,
    checksum: dataset.fingerprint,
    async *notes(wanted, seed) {
      // Of each pitch its notes in the order in which they are dealt.
      const decks = new Map<number, Iterator<number>>();
      for (const pitch of wanted) {
        await breathe(context.signal);
        const deck = decks.get(pitch) ?? shuffled(at.get(pitch) ?? [], randomStream(seed, `notes/${pitch}`));
        decks.set(pitch, deck);
        const { done, value: position } = deck.next();
        if (done) continue;
        const { id, audio } = await dataset.note(position);
        yield { id, pitch, audio: Float32Array.from(audio.data) };
      }
    },
    close: () => dataset.close(),
  };
}

/**
 * Opens models and collections of notes. The backend is started if there is a model.
 *
 * @throws InputError for what is neither
 */
export async function openSources(
  names: readonly SourceName[],
  context: Context,
  options: BackendOptions & { readonly runs: string },
): Promise<NoteSource[]> {
  const opened: NoteSource[] = [];
  try {
    if (names.some(({ where }) => !isCollection(where))) await startBackend(context, options);
    for (const name of names) {
      opened.push(isCollection(name.where) ? await folderSource(name, context) : await modelSource(name, context, options.runs));
      await breathe(context.signal);
    }
    return opened;
  } catch (error) {
    await closeSources(opened);
    throw error;
  }
}

export const closeSources = async (sources: readonly NoteSource[]): Promise<void> => {
  for (const source of sources) await source.close();
};

/** Pitches that all have. @throws UsageError if there are none, or not those that are wanted */
export function commonPitches(sources: readonly NoteSource[], wanted?: readonly number[]): number[] {
  const common = (sources[0]?.pitches ?? []).filter((pitch) => sources.every(({ pitches }) => pitches.includes(pitch)));
  const ranges = sources.map(({ name, pitches }) => `${name} ${pitches[0]} to ${pitches.at(-1)}`).join(', ');
  const missing = wanted?.find((pitch) => !common.includes(pitch));
  if (missing !== undefined)
    throw new UsageError(`--pitches: expected pitches that all models have, found ${missing}. They have ${ranges}.`, missing);
  if (common.length === 0) throw new UsageError(`expected models with a pitch in common, found none: ${ranges}.`, ranges);
  return wanted === undefined ? common : [...wanted];
}

/** At most `count` of the items, evenly spread, the first and the last among them. */
export function spread<Item>(items: readonly Item[], count: number): Item[] {
  if (items.length <= count) return [...items];
  if (count === 1) return [items[Math.floor(items.length / 2)]!];
  return Array.from({ length: count }, (_, i) => items[Math.round((i * (items.length - 1)) / (count - 1))]!);
}
