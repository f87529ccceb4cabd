import { differencesOf, openShare, replaceFile, type Share, type Work } from '@gansynth/common/node';
import type { NoteSource } from '@gansynth/metrics';
import type { Voice } from '@gansynth/voice';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import type { Context } from '../app/command.js';
import { packageVersion } from '../app/version.js';
import type { DataRecipe } from '../recipes/recipe.js';
import { hashOf } from '../shares/hash-of.js';
import { noteMissingReal, openEvaluation, untrainedVoice, type EvaluationOptions } from './evaluation.js';
import { encodeHeard, readHeard, type SetName } from './heard-file.js';
import { modelNotes, type Scoring } from './scoring.js';

/** What a share of an evaluation has left. */
export interface EvaluatedShare {
  /** One for each set of notes. */
  readonly files: readonly string[];
  /** Notes of each set. */
  readonly notes: number;
  /** Of the undivided work. */
  readonly of: number;
  /** Whether it was done before. */
  readonly before: boolean;
  /** Shares that are not in this folder. */
  readonly missing: readonly number[];
}

/**
 * Hears a share of the notes of an evaluation, real ones, the model's and an untrained generator's, and writes down what their scores are computed
 * from. The classifier is the same for all shares: whichever comes first teaches it.
 *
 * @param to folder of the shares
 */
export async function evaluateShare(
  voice: Voice,
  trainedOn: DataRecipe,
  context: Context,
  { share, to, ...options }: EvaluationOptions & { readonly share: Share; readonly to: string },
): Promise<EvaluatedShare> {
  const { signal } = context;
  const { seed } = options;
  const scoring = await openEvaluation(voice, trainedOn, context, options);
  noteMissingReal(scoring, context);
  const fresh = options.untrained ? await untrainedVoice(voice, seed) : undefined;
  try {
    const range = scoring.rangeOf(share);
    const notes = range[1] - range[0];
    const of = scoring.pitches.length;
    const work = workOf(voice, scoring, options);
    const { files, done, missing } = await openShare(to, share, work);
    if (files !== undefined) return { files, notes, of, before: true, missing: missing() };
    const sets = new Map<SetName, { what: string; source: NoteSource }>();
    sets.set('reference', { what: 'real notes', source: scoring.realNotes(range) });
    sets.set('model', { what: 'the model', source: modelNotes(voice, scoring.pitches, seed, signal, range) });
    if (scoring.otherRealNotes) sets.set('real', { what: 'other real notes', source: scoring.otherRealNotes(range) });
    if (fresh)
      sets.set('untrained', { what: 'an untrained generator', source: modelNotes(fresh, scoring.pitches, seed, signal, range) });
    const made: string[] = [];
    for (const [set, { what, source }] of sets) {
      const file = join(to, `${share.index}-of-${share.of}.${set}.safetensors`);
      made.push(file);
      if (isHeard(file, set, share, work)) continue;
      const began = performance.now();
      const heard = await scoring.hear(what, source, range);
      const seconds = (performance.now() - began) / 1000;
      const evaluation = { model: voice.source, classifier: scoring.classifier };
      await replaceFile(file, encodeHeard(heard, { set, share, work, sets: [...sets.keys()], seed, evaluation, seconds }));
      context.keeps(`${made.length} of ${sets.size} sets of notes were heard; the same command goes on with the others.`);
    }
    await done(made);
    return { files: made, notes, of, before: false, missing: missing() };
  } finally {
    fresh?.dispose();
    await scoring.close();
  }
}

/** Whether an earlier process heard this set of the share before it was stopped. */
function isHeard(file: string, set: SetName, share: Share, work: Work): boolean {
  if (!existsSync(file)) return false;
  try {
    const { part } = readHeard(file);
    return (
      part.set === set &&
      part.share.index === share.index &&
      part.share.of === share.of &&
      differencesOf(part.work, work).length === 0
    );
  } catch {
    // Damaged: heard anew.
    return false;
  }
}

/** What shares of one evaluation have in common. */
const workOf = (
  { name, manifest }: Voice,
  scoring: Scoring,
  { seed, precision = 'float32', untrained }: EvaluationOptions,
): Work => ({
  model: `${name} (${hashOf(manifest)})`,
  notes: `${scoring.heldOut} against, ${scoring.notes.fingerprint} taught from`,
  count: String(scoring.pitches.length),
  seed: String(seed),
  precision,
  classifier: scoring.classifierHash,
  untrained: String(untrained),
  gansynth: packageVersion(),
});
