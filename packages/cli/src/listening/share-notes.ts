import { isBegun, openShare, replaceFile, type Share, type Work } from '@gansynth/common/node';
import { encodeSafetensors, parseSafetensors, type PlainTensor } from '@gansynth/model-files';
import { readFileSync } from 'node:fs';
import { rm } from 'node:fs/promises';
import type { Context } from '../app/command.js';
import { InputError, UsageError } from '../app/errors.js';
import type { NoteSource } from '../pipeline/note-sources.js';
import { checkNoTest, isTestFolder } from './key.js';

export interface SharedNotes {
  /** Shares that are still to be made. */
  readonly missing: readonly number[];
  /** Whether the test was made before. */
  readonly isMade: boolean;
  /** What plays the notes that all shares have rendered; empty before all are there, and once the test is made. */
  readonly sources: readonly NoteSource[];
  /** Notes that are left where they are until the test is made. */
  clear(): Promise<void>;
}

interface Asked {
  readonly pitches: readonly number[];
  readonly seed: number;
}

const nameOf = (source: number, at: number): string => `${source}/${at}`;

/**
 * Renders a share of the models' notes of a listening test: every `of`-th, from the `index`-th, model after model. Notes of folders are read by
 * whichever share comes last, and makes the test.
 *
 * @param work what else decides what the test will be
 * @throws ShareError if the folder holds shares of another test; UsageError where there are fewer notes than shares
 */
export async function shareNotes(
  folder: string,
  sources: readonly NoteSource[],
  asked: Asked,
  share: Share,
  work: Work,
  context: Context,
): Promise<SharedNotes> {
  const jobs = sources.flatMap(({ kind }, source) => (kind === 'model' ? asked.pitches.map((_, at) => ({ source, at })) : []));
  if (jobs.length < share.of) {
    throw new UsageError(
      `expected at most as many shares as models have notes to render, found ${share.of} for ${jobs.length}. Take fewer machines.`,
      share.of,
    );
  }
  const wasBegun = isBegun(folder, share);
  if (!wasBegun) checkNoTest(folder);
  const { files, places, done, missing } = await openShare(folder, share, work);
  const clear = async (): Promise<void> => {
    for (const place of places) await rm(fileOf(place), { force: true });
  };
  if (wasBegun && isTestFolder(folder)) return { missing: [], isMade: true, sources: [], clear };
  if (files === undefined) {
    const own = jobs.filter((_, i) => i % share.of === share.index);
    const file = fileOf(places[share.index] ?? '');
    await replaceFile(file, encodeSafetensors(await render(sources, own, asked, context)));
    await done([file]);
  }
  const open = missing();
  if (open.length > 0) return { missing: open, isMade: false, sources: [], clear };
  const rendered = new Map<string, PlainTensor>(
    places.flatMap((place) => Object.entries(parseSafetensors(readFileSync(fileOf(place)), fileOf(place)).tensors)),
  );
  return {
    missing: open,
    isMade: false,
    sources: sources.map((source, i) => (source.kind === 'model' ? replayed(source, i, rendered) : source)),
    clear,
  };
}

const fileOf = (place: string): string => `${place}.safetensors`;

async function render(
  sources: readonly NoteSource[],
  own: readonly { readonly source: number; readonly at: number }[],
  { pitches, seed }: Asked,
  { progress }: Context,
): Promise<Record<string, PlainTensor>> {
  const step = progress.start('notes', own.length);
  const tensors: Record<string, PlainTensor> = {};
  let done = 0;
  for (const [i, source] of sources.entries()) {
    const only = own.filter((job) => job.source === i).map(({ at }) => at);
    if (only.length === 0) continue;
    let next = 0;
    for await (const { audio } of source.notes(pitches, seed, only)) {
      tensors[nameOf(i, only[next++] ?? 0)] = { shape: [audio.length], data: audio };
      step.update(++done, source.name);
    }
  }
  step.finish(`${done} notes`);
  return tensors;
}

/** A model whose notes are there already. */
const replayed = (source: NoteSource, number: number, rendered: ReadonlyMap<string, PlainTensor>): NoteSource => ({
  ...source,
  async *notes(pitches, seed) {
    for (const [at, pitch] of pitches.entries()) {
      const audio = rendered.get(nameOf(number, at))?.data;
      if (!(audio instanceof Float32Array))
        throw new InputError(`${source.name}: expected note ${at} among what the shares have rendered, found none.`, at);
      yield { id: `seed-${seed}-${at + 1}`, pitch, audio };
    }
  },
});
