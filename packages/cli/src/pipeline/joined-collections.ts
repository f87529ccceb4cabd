import type { Dataset, Note } from '@gansynth/nsynth-data';
import type { Context } from '../app/command.js';
import { InputError } from '../app/errors.js';
import { openCollection } from './open-notes.js';

type OpenOptions = Parameters<typeof openCollection>[2];

/** Collections as one: the notes of the first, then those of the second, and so on. */
export interface JoinedCollections {
  readonly length: number;
  /** Checksum of ids and audio. */
  readonly fingerprint: string;
  /** Notes from one position up to, not including, another. */
  notes(from: number, until: number, signal: AbortSignal): AsyncGenerator<Note>;
  close(): Promise<void>;
}

/**
 * Opens collections as one.
 *
 * @throws InputError if two have a note of the same id, or sounds of different rates
 */
export async function openJoined(paths: readonly string[], context: Context, options: OpenOptions): Promise<JoinedCollections> {
  const opened: Dataset[] = [];
  const close = async (): Promise<void> => void (await Promise.all(opened.map((dataset) => dataset.close())));
  try {
    for (const path of paths) opened.push(await openCollection(path, context, options));
    if (opened.length > 1) checkJoined(paths, opened);
  } catch (error) {
    await close();
    throw error;
  }
  return {
    length: opened.reduce((sum, { length }) => sum + length, 0),
    fingerprint: opened.map(({ fingerprint }) => fingerprint).join('+'),
    async *notes(from, until, signal) {
      let before = 0;
      for (const dataset of opened) {
        const [first, last] = [Math.max(0, from - before), Math.min(dataset.length, until - before)];
        if (first < last) yield* dataset.slice(first, last).notes({ signal });
        before += dataset.length;
      }
    },
    close,
  };
}

function checkJoined(paths: readonly string[], opened: readonly Dataset[]): void {
  const pathOf = new Map<string, string>();
  for (const [at, dataset] of opened.entries()) {
    const path = paths[at]!;
    if (dataset.sampleRate !== opened[0]!.sampleRate) {
      throw new InputError(
        `${path}: expected sounds of ${opened[0]!.sampleRate} Hz as in ${paths[0]}, found ${dataset.sampleRate}. Import it again at that rate.`,
        dataset.sampleRate,
      );
    }
    for (const { id } of dataset.listing()) {
      const other = pathOf.get(id);
      if (other !== undefined) {
        throw new InputError(
          `${id}: expected each note once, found it in ${other} and in ${path}. Of two SoundFonts, render other velocities.`,
          id,
        );
      }
      pathOf.set(id, path);
    }
  }
}
