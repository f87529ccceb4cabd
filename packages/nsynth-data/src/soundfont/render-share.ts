import { breathe } from '@gansynth/common/breathe';
import type { Share, Work } from '@gansynth/common/node';
import { crc32c } from '../crc32c.js';
import { checkOptions } from '../check-options.js';
import { readWhole } from '../files/plain-file.js';
import { parseLabels, toMetadata } from '../notes/labels.js';
import { checkShare } from '../shares/check-share.js';
import { joinShares, type JoinedNote } from '../shares/join-shares.js';
import { keptNotes, makeShare } from '../shares/make-share.js';
import { familyOfProgram, sourceOfProgram } from './general-midi.js';
import { playedNotes } from './played-notes.js';
import { type SoundFontOptions, soundFontOptionNames } from './sound-font-options.js';

/** What became of a share of a rendering. */
export interface SharedRendering {
  /** Shares that are still to be made. */
  readonly missing: readonly number[];
  /** Of the whole; there once nothing is missing. */
  readonly made?: { readonly notes: number; readonly silent: number; readonly bank: number };
}

/**
 * One of several machines' part of `renderSoundFont`: every `of`-th note, from the `index`-th. Whichever share is done last numbers and lists all,
 * and so makes the very collection that `renderSoundFont` makes; before that there is none. A share that was done is not done again.
 *
 * @throws ShareError if `to` holds shares of another division, of another SoundFont, or with other options
 */
export async function renderShare(
  path: string,
  { to, share, ...options }: SoundFontOptions & { readonly to: string; readonly share: Share },
): Promise<SharedRendering> {
  checkOptions('renderShare', options, soundFontOptionNames);
  checkShare('renderShare', share);
  const { signal } = options;
  const { missing, places } = await makeShare(to, share, await workOf(path, options), async (keep) => {
    for await (const { at, bank, sound } of playedNotes(path, options, share)) {
      await breathe(signal);
      if (sound === undefined) await keep(at, { bank });
      else {
        const { audio, labels } = sound;
        await keep(at, { bank, metadata: toMetadata(labels) }, { audio, sampleRate: labels.sampleRate });
      }
    }
  });
  return missing.length > 0 ? { missing } : { missing, made: await joinRendering(to, places, signal) };
}

/** What decides what is rendered. */
async function workOf(path: string, { onProgress: _progress, signal: _signal, ...how }: SoundFontOptions): Promise<Work> {
  const bytes = await readWhole(path, { limit: 2 ** 31 - 1 });
  const { family = familyOfProgram, source = sourceOfProgram } = how;
  const named = Array.from({ length: 128 }, (_, program) => `${family(program)} ${source(program)}`);
  const sorted = Object.entries(how).sort(([a], [b]) => (a < b ? -1 : 1));
  return {
    SoundFont: `${bytes.length} bytes, CRC-32C ${crc32c(bytes).toString(16)}`,
    options: JSON.stringify(Object.fromEntries(sorted)),
    instruments: crc32c(new TextEncoder().encode(named.join())).toString(16),
  };
}

const isKept = (value: unknown): value is { readonly bank: number; readonly metadata?: object } =>
  typeof value === 'object' && value !== null && 'bank' in value && typeof value.bank === 'number';

async function joinRendering(
  to: string,
  places: readonly string[],
  signal: AbortSignal | undefined,
): Promise<NonNullable<SharedRendering['made']>> {
  const notes: Omit<JoinedNote, 'metadata'>[] = [];
  const about = new Map<number, object>();
  let [bank, silent] = [0, 0];
  for (const place of places) {
    for (const { at, about: kept, hash } of await keptNotes(place)) {
      if (!isKept(kept)) continue;
      ({ bank } = kept);
      if (kept.metadata === undefined || hash === undefined) silent++;
      else {
        notes.push({ place, at, hash });
        about.set(at, kept.metadata);
      }
    }
  }
  notes.sort((a, b) => a.at - b.at);
  const named = notes.map((one, note): JoinedNote => ({
    ...one,
    metadata: toMetadata({ ...parseLabels(about.get(one.at)), note }),
  }));
  return { notes: await joinShares(to, places, named, { signal }), silent, bank };
}
