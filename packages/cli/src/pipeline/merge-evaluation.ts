import { breathe } from '@gansynth/common/breathe';
import { differencesOf } from '@gansynth/common/node';
import { heardReference, joinHeardNotes, scoreHeardNotes, type HeardNotes, type ScoreReport } from '@gansynth/metrics';
import { existsSync, readdirSync, statSync } from 'node:fs';
import { join } from 'node:path';
import type { Context } from '../app/command.js';
import { InputError } from '../app/errors.js';
import { listShares } from '../shares/describe-share.js';
import type { Evaluation } from './evaluation.js';
import { type HeardPart, readHeard, type SetName } from './heard-file.js';

const ending = '.safetensors';

function filesIn(path: string): string[] {
  if (!existsSync(path)) throw new InputError(`${path}: expected shares of an evaluation, found no such file or folder.`, path);
  if (!statSync(path).isDirectory()) return [path];
  const names = readdirSync(path).filter((name) => name.endsWith(ending) && !name.startsWith('.'));
  if (names.length > 0) return names.sort().map((name) => join(path, name));
  throw new InputError(`${path}: expected shares that gansynth evaluate --shard has written there, found none.`, path);
}

interface Found {
  readonly file: string;
  readonly part: HeardPart;
}

/** @throws InputError for shares of different evaluations, by what differs; for one that is there twice; for those that are not there */
function checkWhole(found: readonly Found[], first: Found): void {
  const { share, work, sets } = first.part;
  for (const { file, part } of found) {
    const differences = [
      ...(part.share.of === share.of ? [] : [`number of shares: ${share.of} and ${part.share.of}`]),
      ...differencesOf(work, part.work).map((name) => `${name}: ${work[name]} and ${part.work[name]}`),
    ];
    if (differences.length > 0) {
      throw new InputError(
        `${file}: expected a share of the same evaluation as ${first.file}, found one of another: ${differences.join('; ')}.`,
        differences,
      );
    }
  }
  const at = new Map<string, string>();
  for (const { file, part } of found) {
    const key = `${part.share.index} ${part.set}`;
    const other = at.get(key);
    if (other !== undefined)
      throw new InputError(
        `${file}: expected every share once, found share ${part.share.index}/${share.of} in ${other} too. Leave one out.`,
        file,
      );
    at.set(key, file);
  }
  const missing = Array.from({ length: share.of }, (_, index) => index).filter((index) =>
    sets.some((set) => !at.has(`${index} ${set}`)),
  );
  if (missing.length > 0) {
    throw new InputError(
      `expected all ${share.of} shares of ${work['model']}, found that ${listShares(missing, share)} ` +
        `${missing.length === 1 ? 'is' : 'are'} missing or not finished. Make them: gansynth evaluate --shard <i/n>.`,
      missing,
    );
  }
}

/**
 * Scores of an evaluation from the shares in which its notes were heard: those of the undivided evaluation.
 *
 * @param paths files of shares, and folders of them
 * @throws InputError where they are not all the shares of one evaluation
 */
export async function mergeEvaluation(paths: readonly string[], { signal, progress }: Context): Promise<Evaluation> {
  const began = performance.now();
  const found: Found[] = [];
  for (const file of paths.flatMap(filesIn)) {
    await breathe(signal);
    found.push({ file, part: readHeard(file).part });
  }
  const [first] = found;
  if (first === undefined) throw new InputError('expected shares of an evaluation, found none.', paths);
  checkWhole(found, first);
  const { sets, seed, evaluation } = first.part;
  // One set after the other: each may be large.
  const load = async (set: SetName): Promise<HeardNotes> => {
    const parts: HeardNotes[] = [];
    const files = found.filter(({ part }) => part.set === set).sort((a, b) => a.part.share.index - b.part.share.index);
    for (const { file } of files) {
      await breathe(signal);
      parts.push(readHeard(file).heard);
    }
    return joinHeardNotes(parts);
  };
  const step = progress.start('scoring', sets.length);
  const reference = await heardReference(await load('reference'), { seed, signal });
  const score = async (set: SetName): Promise<ScoreReport | null> => {
    if (!sets.includes(set)) return null;
    step.update(sets.indexOf(set), set);
    return scoreHeardNotes({ reference, generated: await load(set), seed, signal });
  };
  const [trained, real, untrained] = [await score('model'), await score('real'), await score('untrained')];
  if (trained === null) throw new InputError(`${first.file}: expected shares with notes of a model, found none.`, sets);
  step.finish(`${trained.conditions.generatedCount} notes against ${trained.conditions.referenceCount}`);
  const took = found.reduce((sum, { part }) => sum + part.seconds, (performance.now() - began) / 1000);
  return { kind: 'gansynth-evaluation', format: 1, ...evaluation, trained, real, untrained, took };
}
