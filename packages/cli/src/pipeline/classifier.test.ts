import { existsSync, mkdirSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { openCheckpointStore } from '@gansynth/training/node';
import { describe, expect, it } from 'vitest';
import type { Context } from '../app/command.js';
import { startBackend } from '../backend/options.js';
import { canonicalJson } from '../recipes/canonical.js';
import { loadRecipe, readJson } from '../recipes/library.js';
import { scratch } from '../test-support/packed.js';
import { demoNotes } from '../test-support/trained.js';
import { examplesInTurn, repeatedExamples } from './classifier-examples.js';
import { classifierFor, type ClassifierPlan } from './classifier.js';
import { openNotes } from './open-notes.js';

/** Nobody looks on; told how far it is. */
function contextOf(onUpdate: (done: number) => void = () => undefined, signal = new AbortController().signal) {
  const notes: string[] = [];
  const step = { update: onUpdate, note: () => undefined, finish: () => undefined };
  const context = {
    signal,
    progress: { start: () => step, note: () => undefined },
    keeps: () => undefined,
    note: (line: string) => void notes.push(line),
  } as unknown as Context;
  return { context, notes };
}

async function plan(folder: string, steps: number): Promise<ClassifierPlan & { readonly close: () => Promise<void> }> {
  const { context } = contextOf();
  await startBackend(context, { backend: 'wasm' });
  const cwd = scratch();
  demoNotes(cwd);
  const notes = await openNotes(loadRecipe('smoke-paper/if').data, join(cwd, 'notes'), context);
  return {
    train: notes.train,
    heldOut: notes.evaluation,
    samples: 4000,
    pitches: [60, 72],
    kind: 'small',
    steps,
    seed: 1,
    folder,
    close: () => notes.all.close(),
  };
}

describe('a pitch classifier', () => {
  it('that was stopped while it was taught goes on there, and becomes the same', async () => {
    const [whole, stopped] = [join(scratch(), 'a'), join(scratch(), 'b')];
    const how = await plan(whole, 6);
    const { classifier } = await classifierFor(how, contextOf().context);
    const stop = new AbortController();
    const { context } = contextOf((done) => void (done === 2 && stop.abort(new Error('enough'))), stop.signal);
    await expect(classifierFor({ ...how, folder: stopped }, context)).rejects.toThrow('enough');
    expect(readdirSync(stopped)).toEqual([expect.stringMatching(/^classifier-small-[0-9a-f]{8}-unfinished$/)]);
    // Stopped once more when all is learned, before it was asked about what was held out: that stays, too.
    const late = new AbortController();
    const last = contextOf((done) => void (done === 6 && late.abort(new Error('late'))), late.signal);
    await expect(classifierFor({ ...how, folder: join(stopped, 'late') }, last.context)).rejects.toThrow('late');
    const finished: number[] = [];
    const asked = contextOf((done) => void finished.push(done));
    const learned = await classifierFor({ ...how, folder: join(stopped, 'late') }, asked.context);
    expect([asked.notes, finished]).toEqual([['the pitch classifier goes on at step 6 of 6'], []]);
    expect(await learned.classifier.hash()).toBe(await classifier.hash());
    learned.classifier.dispose();
    rmSync(join(stopped, 'late'), { recursive: true });
    const updates: number[] = [];
    const { context: again, notes } = contextOf((done) => void updates.push(done));
    const other = await classifierFor({ ...how, folder: stopped }, again);
    expect(notes).toEqual(['the pitch classifier goes on at step 2 of 6']);
    expect(updates).toEqual([3, 4, 5, 6]);
    expect(await other.classifier.hash()).toBe(await classifier.hash());
    expect(readdirSync(stopped)).toEqual([expect.stringMatching(/^classifier-small-[0-9a-f]{8}$/)]);
    classifier.dispose();
    other.classifier.dispose();
    await how.close();
  });

  it('is taught anew where what was kept is of no use', async () => {
    const folder = join(scratch(), 'c');
    const how = await plan(folder, 2);
    const first = await classifierFor(how, contextOf().context);
    const name = readdirSync(folder)[0]!;
    const second = join(scratch(), 'd');
    mkdirSync(join(second, `${name}-unfinished`, 'step-000000000001'), { recursive: true });
    writeFileSync(join(second, `${name}-unfinished`, 'step-000000000001', 'manifest.json'), '{');
    // Another, whole and of the same identity, but no training of a classifier.
    const third = join(scratch(), 'e');
    const {
      heldOutAccuracy: _accuracy,
      heldOutNotes: _notes,
      ...identity
    } = readJson(join(folder, name, 'held-out.json')) as Record<string, unknown>;
    const store = await openCheckpointStore(join(third, `${name}-unfinished`), { identity: canonicalJson(identity) });
    await store.save({ step: 1, tensors: {}, state: { manifest: { kind: 'wavegan', version: 1 } } });
    for (const [where, reason] of [
      [second, /expected a whole checkpoint, found 1 that cannot be used:$/],
      [third, /expected a manifest of format gansynth-training, found undefined/],
    ] as const) {
      const { context, notes } = contextOf();
      const again = await classifierFor({ ...how, folder: where }, context);
      expect(notes).toEqual([expect.stringMatching(/^the pitch classifier is taught anew: /)]);
      expect(notes[0]).toMatch(reason);
      expect(await again.classifier.hash()).toBe(await first.classifier.hash());
      expect(existsSync(join(where, `${name}-unfinished`))).toBe(false);
      again.classifier.dispose();
    }
    first.classifier.dispose();
    await how.close();
  });

  it('learns from the same examples however many of them stay in memory', async () => {
    const how = await plan(scratch(), 1);
    const { classifier } = await classifierFor(how, contextOf().context);
    const { signal } = contextOf().context;
    const inTurn = [];
    for await (const example of examplesInTurn(how.train, classifier.settings, signal)) inTurn.push(example);
    const bytes = inTurn[0]!.input.byteLength;
    for (const kept of [0, 3 * bytes, 1e9]) {
      const examples = await repeatedExamples(how.train, classifier.settings, signal, kept);
      expect(examples.length).toBe(39);
      for (const at of [38, 0, 2, 3, 38]) expect(await examples.at(at)).toEqual(inTurn[at]);
      expect(examples.at(2) instanceof Promise).toBe(kept === 0);
      expect(examples.at(3) instanceof Promise).toBe(kept < 1e9);
    }
    classifier.dispose();
    await how.close();
  });
});
