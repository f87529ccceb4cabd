import { describe, expect, it } from 'vitest';
import { quiet } from '../test-support/listening.js';
import { scratch } from '../test-support/packed.js';
import { demoNotes } from '../test-support/trained.js';
import { closeSources, openSources, type NoteSource } from './note-sources.js';

async function withNotes(work: (source: NoteSource) => Promise<void>, signal = new AbortController().signal): Promise<void> {
  const names = [{ name: 'real', where: demoNotes(scratch()) }];
  const sources = await openSources(names, { ...quiet(), signal }, { runs: 'runs', backend: 'auto' });
  try {
    await work(sources[0]!);
  } finally {
    await closeSources(sources);
  }
}

async function dealt(source: NoteSource, pitches: readonly number[], seed: number): Promise<string[]> {
  const ids: string[] = [];
  for await (const { id, pitch } of source.notes(pitches, seed)) {
    expect(id).toContain(`-${String(pitch).padStart(3, '0')}-`);
    ids.push(id);
  }
  return ids;
}

describe('the notes of a collection', () => {
  it('are dealt in an order that the seed decides, none twice', () =>
    withNotes(async (source) => {
      const wanted = Array.from({ length: 100 }, () => source.pitches).flat();
      const ids = await dealt(source, wanted, 1);
      expect(ids.length).toBeGreaterThan(source.pitches.length);
      expect(ids.length).toBeLessThan(wanted.length);
      expect(new Set(ids).size).toBe(ids.length);
      expect(await dealt(source, wanted, 1)).toEqual(ids);
      const others = await dealt(source, wanted, 2);
      expect(others).not.toEqual(ids);
      expect([...others].sort()).toEqual([...ids].sort());
    }));

  it('can be stopped where there are none left', async () => {
    const stop = new AbortController();
    await withNotes(async (source) => {
      const asked = source.notes(
        Array.from({ length: 1000 }, () => 1),
        0,
      );
      stop.abort();
      await expect(asked.next()).rejects.toThrow(/abort/i);
    }, stop.signal);
  });
});
