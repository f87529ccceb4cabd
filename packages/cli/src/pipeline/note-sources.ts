import { breathe } from '@gansynth/common/breathe';
import { randomStream } from '@gansynth/common/random';
import { existsSync } from 'node:fs';
import { basename, join, resolve } from 'node:path';
import type { Context } from '../app/command.js';
import { UsageError } from '../app/errors.js';
import { startBackend, type BackendOptions } from '../backend/options.js';
import { openModel } from './open-model.js';
import { openCollection } from './open-notes.js';

/** What notes are wanted of: `name=where`, or `where` alone. */
export interface SourceName {
  readonly name: string;
  /** A model, as `--model` takes it, or a collection of notes. */
  readonly where: string;
}

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
  /** Notes at these pitches, in their order; of a folder no note twice, so fewer where it has not as many. */
  notes(pitches: readonly number[], seed: number): AsyncGenerator<SourceNote>;
  close(): Promise<void>;
}

/** "if-mel=runs/a,real=notes" -> names and places. @throws UsageError for an empty part, or a name that is there twice */
export function sourceNames(text: string): SourceName[] {
  const sources = text.split(',').map((part): SourceName => {
    const [, given, where = ''] = /^(?:([^=/\\:]+)=)?(.*)$/.exec(part.trim()) ?? [];
    if (where === '') throw new UsageError(`expected models as name=where, with commas between them, found "${text}".`, text);
    return { name: given ?? basename(where.replace(/\/+$/, '')), where };
  });
  const twice = sources.find(({ name }, at) => sources.findIndex((other) => other.name === name) < at);
  if (twice === undefined) return sources;
  throw new UsageError(`expected another name for each model, found "${twice.name}" twice. Write name=where.`, twice.name);
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
    async *notes(wanted, seed) {
      const latents = voice.draw(wanted.length, seed);
      let at = 0;
      for await (const audio of voice.notes(wanted, { latent: latents, signal })) {
        const pitch = wanted[at++]!;
        yield { id: `seed-${seed}-${at}`, pitch, audio };
      }
    },
    close: async () => voice.dispose(),
  };
}

async function folderSource({ name, where }: SourceName, context: Context): Promise<NoteSource> {
  const dataset = await openCollection(where, context);
  const at = new Map<number, number[]>();
  for (const [position, { pitch }] of [...dataset.listing()].entries()) at.set(pitch, [...(at.get(pitch) ?? []), position]);
  return {
    name,
    where: resolve(where),
    kind: 'notes',
    pitches: [...at.keys()].sort((a, b) => a - b),
    sampleRate: dataset.sampleRate,
    async *notes(wanted, seed) {
      const decks = new Map<number, number[]>();
      for (const pitch of wanted) {
        const positions = at.get(pitch) ?? [];
        const order = randomStream(seed, `notes/${pitch}`).permutation(positions.length);
        const deck = decks.get(pitch) ?? Array.from(order, (i) => positions[i]!);
        decks.set(pitch, deck);
        const position = deck.shift();
        if (position === undefined) continue;
        await breathe(context.signal);
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
