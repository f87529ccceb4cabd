import { ValueError } from '../errors.js';
import type { ListeningAnswer } from './score.js';

/** What one listener has answered so far: a file that leaves the page of a listening test. Nothing in it says who the listener is. */
export interface ListeningAnswerSheet {
  readonly kind: 'gansynth-listening-answers';
  readonly format: 1;
  /** Id of the test. */
  readonly test: string;
  /** Random letters and digits, drawn in the listener's browser. */
  readonly listener: string;
  /** Which of the test's sheets, from 1. */
  readonly sheet: number;
  /** Answers given so far, changed ones counted again: of two sheets of a listener the one with more is the later one. */
  readonly revision: number;
  readonly answers: readonly { readonly pair: string; readonly answer: number }[];
}

export const answerSheetKind = 'gansynth-listening-answers';

type Fields = Readonly<Record<string, unknown>>;
const isFields = (value: unknown): value is Fields => typeof value === 'object' && value !== null && !Array.isArray(value);
const isCount = (value: unknown, from: number): value is number => Number.isSafeInteger(value) && Number(value) >= from;

const isAnswer = (value: unknown): value is ListeningAnswerSheet['answers'][number] =>
  isFields(value) && typeof value['pair'] === 'string' && [-2, -1, 0, 1, 2].some((answer) => answer === value['answer']);

/**
 * An answer sheet that came from somewhere.
 *
 * @param json parsed
 * @param name where it came from, for messages
 * @throws ValueError naming the first thing that is wrong
 */
export function parseAnswerSheet(json: unknown, name: string): ListeningAnswerSheet {
  const refuse = (expected: string, found: unknown): never => {
    throw new ValueError(`${name}: expected ${expected}, found ${JSON.stringify(found) ?? 'none'}.`, found);
  };
  if (!isFields(json)) return refuse('the answers of a listener, a JSON object', Array.isArray(json) ? 'a list' : json);
  const { kind, format, test, listener, sheet, revision, answers } = json;
  if (kind !== answerSheetKind) return refuse(`"kind": "${answerSheetKind}"`, kind);
  if (format !== 1) return refuse('"format": 1 (a newer gansynth wrote it?)', format);
  if (typeof test !== 'string' || test === '') return refuse('"test", the id of the listening test', test);
  if (typeof listener !== 'string' || !/^[a-z0-9]{8,64}$/.test(listener))
    return refuse('"listener", 8 to 64 small letters and digits', listener);
  if (!isCount(sheet, 1)) return refuse('"sheet", a whole number from 1', sheet);
  if (!isCount(revision, 0)) return refuse('"revision", a whole number from 0', revision);
  if (!Array.isArray(answers)) return refuse('"answers", a list', answers);
  const given = new Map<string, number>();
  for (const one of answers as readonly unknown[]) {
    if (!isAnswer(one)) return refuse('answers of the form { "pair": "pair-1", "answer": -2 ... 2 }', one);
    if (given.has(one.pair)) return refuse('one answer to each pair', `two to ${one.pair}`);
    given.set(one.pair, one.answer);
  }
  return {
    kind: answerSheetKind,
    format: 1,
    test,
    listener,
    sheet,
    revision,
    answers: [...given].map(([pair, answer]) => ({ pair, answer })),
  };
}

/** The latest sheet of every listener, as answers to be scored. */
export interface JoinedAnswers {
  readonly answers: readonly ListeningAnswer[];
  /** Names of sheets that a later one of the same listener, or an equal one, makes needless. */
  readonly superseded: readonly string[];
  /** Listeners with fewer answers than their sheet has pairs; what they answered counts. */
  readonly unfinished: readonly { readonly listener: string; readonly answered: number; readonly of: number }[];
}

/**
 * Joins the sheets that came in: downloads half-way, again at the end, and what a server kept.
 *
 * @param sheets each with where it came from
 * @param test whose sheets they must be
 * @throws ValueError for a sheet of another test, or two of one listener that contradict each other
 */
export function joinAnswerSheets(
  sheets: readonly { readonly name: string; readonly sheet: ListeningAnswerSheet }[],
  test: { readonly id: string; readonly sheets: readonly (readonly string[])[] },
): JoinedAnswers {
  const latest = new Map<string, { readonly name: string; readonly sheet: ListeningAnswerSheet }>();
  const superseded: string[] = [];
  for (const one of sheets) {
    const { name, sheet } = one;
    if (sheet.test !== test.id)
      throw new ValueError(
        `${name}: expected answers of the test ${test.id}, found answers of the test ${sheet.test}.`,
        sheet.test,
      );
    const asked = test.sheets[sheet.sheet - 1];
    const stray = asked === undefined ? `sheet ${sheet.sheet}` : sheet.answers.find(({ pair }) => !asked.includes(pair))?.pair;
    if (stray !== undefined)
      throw new ValueError(`${name}: expected answers to sheets 1 to ${test.sheets.length} of the test, found ${stray}.`, stray);
    const before = latest.get(sheet.listener);
    if (before !== undefined && before.sheet.revision === sheet.revision && !areEqual(before.sheet, sheet)) {
      throw new ValueError(
        `${name}: expected one answer of listener ${sheet.listener} to a pair, found others in ${before.name}. Keep the file that is right.`,
        sheet.listener,
      );
    }
    if (before === undefined || before.sheet.revision < sheet.revision) latest.set(sheet.listener, one);
    if (before !== undefined) superseded.push(before.sheet.revision < sheet.revision ? before.name : name);
  }
  const kept = [...latest.values()].map(({ sheet }) => sheet);
  return {
    answers: kept.flatMap(({ listener, answers }) => answers.map(({ pair, answer }) => ({ listener, pair, answer }))),
    superseded,
    unfinished: kept
      .map(({ listener, answers, sheet }) => ({ listener, answered: answers.length, of: test.sheets[sheet - 1]?.length ?? 0 }))
      .filter(({ answered, of }) => answered < of),
  };
}

const areEqual = (a: ListeningAnswerSheet, b: ListeningAnswerSheet): boolean => {
  const before = new Map(a.answers.map(({ pair, answer }) => [pair, answer]));
  return a.answers.length === b.answers.length && b.answers.every(({ pair, answer }) => before.get(pair) === answer);
};
