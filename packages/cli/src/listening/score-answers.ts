import {
  joinAnswerSheets,
  type JoinedAnswers,
  type ListeningScore,
  type ListeningScoreOptions,
  parseAnswerSheet,
  scoreListeningTest,
} from '@gansynth/metrics';
import { existsSync, readdirSync, statSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { InputError } from '../app/errors.js';
import { readJson } from '../recipes/library.js';
import { has } from '../runs/read-json-of.js';
import { isTestFolder, pathsOf, type TestKey } from './key.js';

/** The scores of a listening test, and what came of the files. */
export interface ScoredListening {
  readonly kind: 'gansynth-listening-scores';
  readonly format: 1;
  readonly test: string;
  readonly score: ListeningScore;
  /** Files that were read. */
  readonly files: readonly string[];
  /** Files that a later one of the same listener makes needless. */
  readonly superseded: readonly string[];
  readonly unfinished: JoinedAnswers['unfinished'];
}

/** What `gansynth listen score -o` writes. */
export const isScoredListening = (value: unknown): value is ScoredListening =>
  has(value, 'kind', 'format', 'score', 'superseded', 'unfinished') &&
  value.kind === 'gansynth-listening-scores' &&
  value.format === 1 &&
  has(value.score, 'models', 'kruskalWallis', 'comparisons', 'catches', 'answers', 'listeners', 'agreement') &&
  [value.superseded, value.unfinished, value.score.models, value.score.comparisons, value.score.catches].every(Array.isArray) &&
  has(value.score.kruskalWallis, 'statistic', 'degreesOfFreedom', 'pValue');

export type ScoreAnswersOptions = Pick<
  ListeningScoreOptions,
  'minimumAnswers' | 'toleratedMisses' | 'keepFailed' | 'significance'
>;

/** Files of answers: those named, those in named folders, those of a test whose folder is named. */
export function answerFiles(paths: readonly string[]): string[] {
  const files = paths.flatMap((path) => {
    if (!existsSync(path)) throw new InputError(`${path}: expected answers, found no such file or folder.`, path);
    if (!statSync(path).isDirectory()) return [path];
    const folder = isTestFolder(path) ? pathsOf(path).answers : path;
    return existsSync(folder)
      ? readdirSync(folder)
          .filter((name) => name.endsWith('.json') && !name.startsWith('.'))
          .sort()
          .map((name) => join(folder, name))
      : [];
  });
  if (files.length > 0) return [...new Set(files)];
  throw new InputError(
    `${paths.join(', ')}: expected files of answers (*.json), found none. Listeners save them at the end.`,
    paths,
  );
}

/** The folder of the test to which answers belong: one named, one beside them, one above. @throws InputError if there is none */
export function testFolderOf(paths: readonly string[]): string {
  const near = paths.flatMap((path) => [path, dirname(path), dirname(dirname(path))]);
  const found = [...near, '.'].find((folder) => isTestFolder(folder));
  if (found !== undefined) return found;
  throw new InputError(
    `${paths.join(', ')}: expected the answers' test beside them (test.json), found none. Name its folder with --test.`,
    paths,
  );
}

/**
 * Scores files of answers.
 *
 * @throws InputError for a file that is no JSON; ValueError for one that holds no answers, answers of another test, or a contradiction;
 * TooFewExamplesError for fewer answers than decide anything
 */
export function scoreAnswers(key: TestKey, files: readonly string[], options: ScoreAnswersOptions = {}): ScoredListening {
  const sheets = files.map((name) => ({ name, sheet: parseAnswerSheet(readJson(name), name) }));
  const { answers, superseded, unfinished } = joinAnswerSheets(sheets, key);
  const { pairs, catches } = key;
  const score = scoreListeningTest({ pairs, catches, answers, ...options });
  return { kind: 'gansynth-listening-scores', format: 1, test: key.id, score, files, superseded, unfinished };
}
