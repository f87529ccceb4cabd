import { rmSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { makeNotes, temporaryFolder, writeFolder } from '../../test/collection.js';
import type { Batch, BatchCursor } from './batches.js';
import { openDataset } from './open-dataset.js';

const folder = writeFolder(temporaryFolder(), makeNotes(23));
const open = (): ReturnType<typeof openDataset> => openDataset(folder, { index: false });
const ids = (batches: readonly Batch[]): string[] => batches.flatMap(({ notes }) => notes.map(({ id }) => id));

async function take(count: number, batches: AsyncIterable<Batch>): Promise<Batch[]> {
  const taken: Batch[] = [];
  for await (const batch of batches) {
    taken.push(batch);
    if (taken.length === count) break;
  }
  return taken;
}

describe('batches', () => {
  it('have a fixed size, go on across epochs, and hold every note once in each epoch', async () => {
    const dataset = await open();
    const batches = await take(23, dataset.batches({ batchSize: 4, samples: 200 }));
    expect(batches.every(({ audio }) => audio.shape[0] === 4 && audio.shape[1] === 200)).toBe(true);
    const all = ids(batches);
    for (let epoch = 0; epoch < 4; epoch++) expect(new Set(all.slice(23 * epoch, 23 * (epoch + 1))).size).toBe(23);
    expect(all.slice(0, 23)).not.toEqual(all.slice(23, 46));
  });

  it('carry the audio, pitch and label of the very notes they name', async () => {
    const dataset = await open();
    const { pitches } = dataset.pitchDistribution();
    for (const batch of await take(3, dataset.batches({ batchSize: 5, samples: 200, seed: 7 }))) {
      for (const [index, { id }] of batch.notes.entries()) {
        const note = await dataset.note(id);
        expect(batch.audio.pick(index, null).data.slice(index * 200, (index + 1) * 200)).toEqual(note.audio.data);
        expect(batch.pitches[index]).toBe(note.pitch);
        expect(pitches[batch.labels[index]!]).toBe(note.pitch);
      }
    }
  });

  it('depend on the seed', async () => {
    const dataset = await open();
    const of = async (seed: number): Promise<string[]> => ids(await take(5, dataset.batches({ batchSize: 4, seed })));
    expect(await of(1)).toEqual(await of(1));
    expect(await of(1)).not.toEqual(await of(2));
  });

  it('restarted from any cursor, sent through JSON, yield the notes of a loader that never stopped', async () => {
    const dataset = await open();
    const never = await take(14, dataset.batches({ batchSize: 4, seed: 3, samples: 50 }));
    for (const stop of [1, 5, 6, 11]) {
      const cursor = JSON.parse(JSON.stringify(never[stop - 1]!.cursor)) as BatchCursor;
      const rest = await take(14 - stop, (await open()).batches({ batchSize: 4, samples: 50, cursor, prefetch: stop }));
      expect(ids(rest)).toEqual(ids(never.slice(stop)));
      expect(rest.map(({ audio }) => audio.data)).toEqual(never.slice(stop).map(({ audio }) => audio.data));
    }
  });

  it('restarted with another batch size go on with the same notes', async () => {
    const dataset = await open();
    const never = ids(await take(30, dataset.batches({ batchSize: 1 })));
    const loader = dataset.batches({ batchSize: 3 });
    await take(2, loader);
    expect(ids(await take(12, dataset.batches({ batchSize: 2, cursor: loader.cursor })))).toEqual(never.slice(6, 30));
  });

  it('end after the last epoch with what is left', async () => {
    const batches = await take(100, (await open()).batches({ batchSize: 10, epochs: 2, order: 'stored' }));
    expect(batches.map(({ notes }) => notes.length)).toEqual([10, 10, 10, 10, 6]);
    expect(ids(batches).slice(0, 23)).toEqual([...(await open()).listing()].map(({ id }) => id));
  });

  it('answer calls made all at once in their order', async () => {
    const dataset = await open();
    const loader = dataset.batches({ batchSize: 4 });
    const together = await Promise.all([loader.next(), loader.next(), loader.next()]);
    expect(ids(together.map(({ value }) => value!))).toEqual(ids(await take(3, dataset.batches({ batchSize: 4 }))));
  });

  it('refuse the cursor of other notes, saying so', async () => {
    const dataset = await open();
    const { cursor } = dataset.batches({ batchSize: 4 });
    expect(() => dataset.filter({ source: 'acoustic' }).batches({ batchSize: 4, cursor })).toThrow(
      /expected a cursor of these notes/,
    );
    expect(() => dataset.batches({ batchSize: 4, cursor: { ...cursor, position: 24 } })).toThrow(/cursor.position/);
  });

  it.each([{ batchSize: 0 }, { batchSize: 1.5 }, { batchSize: 4, seed: Number.NaN }, { batchSize: 4, samples: -1 }])(
    'refuse %j',
    async (options) => {
      const dataset = await open();
      expect(() => dataset.batches(options)).toThrow(/nsynth-data: batches: expected .*, found/);
    },
  );

  it('stop when aborted', async () => {
    const dataset = await open();
    const controller = new AbortController();
    const loader = dataset.batches({ batchSize: 4, signal: controller.signal });
    await loader.next();
    controller.abort();
    await expect(loader.next()).rejects.toThrow(/abort/i);
  });

  it('name a note that vanished, or fill its place with the next one when told to skip', async () => {
    const own = writeFolder(temporaryFolder(), makeNotes(6));
    const strict = await openDataset(own, { index: false });
    const lenient = await openDataset(own, { index: false, onBadNote: 'skip' });
    const gone = strict.labels(2).id;
    rmSync(join(own, 'audio', `${gone}.wav`));
    const failing = strict.batches({ batchSize: 2 });
    await expect(take(3, failing)).rejects.toThrow(gone);
    await expect(failing.next()).rejects.toThrow(gone);
    const batches = await take(5, lenient.batches({ batchSize: 2, epochs: 2 }));
    expect(batches.map(({ notes }) => notes.length)).toEqual([2, 2, 2, 2, 2]);
    expect(ids(batches)).not.toContain(gone);
    expect(lenient.rejected.count).toBe(2);
  });
});
