import { describe, expect, it } from 'vitest';
import { joinAnswerSheets, parseAnswerSheet, ValueError } from '../index.js';

const test = {
  id: 'abc',
  sheets: [
    ['pair-1', 'pair-3'],
    ['pair-2', 'pair-4'],
  ],
};
const json = (changes: object = {}): unknown => ({
  kind: 'gansynth-listening-answers',
  format: 1,
  test: 'abc',
  listener: 'listener1',
  sheet: 1,
  revision: 2,
  answers: [
    { pair: 'pair-1', answer: -2 },
    { pair: 'pair-3', answer: 0 },
  ],
  ...changes,
});
const join = (...all: object[]): ReturnType<typeof joinAnswerSheets> =>
  joinAnswerSheets(
    all.map((changes, at) => ({ name: `${at}.json`, sheet: parseAnswerSheet(json(changes), `${at}.json`) })),
    test,
  );

describe('parseAnswerSheet', () => {
  const refused: [string, unknown, RegExp][] = [
    ['something else', { kind: 'gansynth-evaluation' }, /a\.json: expected "kind": "gansynth-listening-answers"/],
    ['a list', [], /expected the answers of a listener, a JSON object, found "a list"/],
    ['nothing', null, /found null/],
    ['a later format', json({ format: 2 }), /"format": 1.*found 2/],
    ['no test', json({ test: 3 }), /"test"/],
    ['a path as listener', json({ listener: '../../etc/passwd' }), /small letters and digits, found/],
    ['no sheet', json({ sheet: 0 }), /"sheet"/],
    ['no revision', json({ revision: 1.5 }), /"revision"/],
    ['no answers', json({ answers: {} }), /"answers", a list/],
    [
      'an answer off the scale',
      json({ answers: [{ pair: 'pair-1', answer: 3 }] }),
      /-2 \.\.\. 2.*found \{"pair":"pair-1","answer":3\}/,
    ],
    ['two answers to a pair', json({ answers: [1, 2].map((answer) => ({ pair: 'pair-1', answer })) }), /two to pair-1/],
  ];
  it.each(refused)('refuses %s and says what is wrong', (_, value, message) => {
    expect(() => parseAnswerSheet(value, 'a.json')).toThrow(message);
    expect(() => parseAnswerSheet(value, 'a.json')).toThrow(ValueError);
  });

  it('keeps nothing that it does not know', () => {
    expect(parseAnswerSheet(json({ email: 'x' }), 'a.json')).toEqual(json());
  });
});

describe('joinAnswerSheets', () => {
  it('takes the later of two sheets of a listener, in whatever order they come, and equal ones once', () => {
    const early = { revision: 1, answers: [{ pair: 'pair-1', answer: 2 }] };
    for (const [all, needless] of [
      [[early, {}], '0.json'],
      [[{}, early], '1.json'],
      [[{}, {}], '1.json'],
    ] as const) {
      const { answers, superseded, unfinished } = join(...all);
      expect(answers.map(({ answer }) => answer)).toEqual([-2, 0]);
      expect(superseded).toEqual([needless]);
      expect(unfinished).toEqual([]);
    }
  });

  it('counts half a sheet, and says that it is half', () => {
    const { answers, unfinished } = join({ revision: 1, answers: [{ pair: 'pair-1', answer: 2 }] }, { listener: 'listener2' });
    expect(answers.length).toBe(3);
    expect(unfinished).toEqual([{ listener: 'listener1', answered: 1, of: 2 }]);
  });

  it('refuses answers of another test, to pairs of another sheet, and contradictions, naming the files', () => {
    expect(() => join({ test: 'xyz' })).toThrow(/0\.json: expected answers of the test abc, found answers of the test xyz/);
    expect(() => join({ sheet: 2 })).toThrow(/0\.json:.*found pair-1/);
    expect(() => join({ sheet: 3 })).toThrow(/sheets 1 to 2 of the test, found sheet 3/);
    expect(() => join({}, { answers: [{ pair: 'pair-1', answer: 1 }] })).toThrow(/1\.json:.*listener1.*others in 0\.json/);
  });
});
