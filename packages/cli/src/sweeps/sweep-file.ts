import { z } from 'zod';
import { InputError } from '../app/errors.js';
import { problemsOf } from '../recipes/problems.js';
import { readJson } from '../recipes/library.js';
import { columns } from '../reports/score-columns.js';

const schema = z.strictObject({
  $schema: z.string().optional().describe('for editors'),
  description: z.string().optional().describe('what this is for'),
  recipe: z.string().min(1).describe('what every point begins with: a recipe file, relative to this one, or a shipped name'),
  grid: z
    .record(z.string(), z.array(z.unknown()).min(1))
    .optional()
    .describe('values by recipe field: every combination is a point'),
  list: z
    .array(z.record(z.string(), z.unknown()))
    .min(1)
    .optional()
    .describe('points one by one: the recipe fields that each changes'),
  seeds: z.int().min(1).max(1000).optional().describe('trainings of each point, with seeds 0 to seeds - 1'),
  rank: z
    .enum(columns.map(({ short }) => short))
    .optional()
    .describe('score that the table is ranked by'),
});

/** Points of a search: recipes that differ from one in named fields. */
export type SweepFile = z.output<typeof schema>;

/**
 * Reads the file of a sweep; its recipes are not looked at.
 *
 * @throws InputError with all that is wrong with it
 */
export function readSweepFile(path: string): SweepFile {
  const input = readJson(path);
  const refuse = (problems: readonly string[]): InputError =>
    new InputError(problems.map((problem) => `${path}: ${problem}`).join('\n'), problems);
  const parsed = schema.safeParse(input);
  if (!parsed.success) {
    const problems = parsed.error.issues.flatMap((issue) => problemsOf(issue, input, { name: 'a sweep', schema }));
    throw refuse(problems.map(({ field, message }) => (field === '' ? message : `${field}: ${message}`)));
  }
  const { grid, list } = parsed.data;
  if ((grid === undefined) === (list === undefined)) {
    throw refuse([`expected "grid" or "list", found ${grid === undefined ? 'neither' : 'both'}.`]);
  }
  return parsed.data;
}
