import { suggest } from '@gansynth/common/suggest';
import { fieldNames } from '../recipes/fields.js';
import type { SweepFile } from './sweep-file.js';

/** What is wrong with the fields that a sweep names, whatever values it gives them. */
export function fieldProblems({ grid, list, seeds }: SweepFile): string[] {
  const known = fieldNames();
  const points = list?.map((point, i) => ({ where: `list.${i}`, fields: Object.keys(point) })) ?? [
    { where: 'grid', fields: Object.keys(grid ?? {}) },
  ];
  return points.flatMap(({ where, fields }) =>
    fields.flatMap((field) => {
      const outer = fields.find((other) => field.startsWith(`${other}.`));
      if (!known.includes(field)) return [`${where}: ${field}: ${unknownField(field, known)}`];
      if (outer !== undefined)
        return [`${where}: ${field}: expected fields apart, found ${outer} too, which holds it. Leave out one.`];
      if (field === 'seed' && seeds !== undefined)
        return [`${where}: seed: expected it here or as "seeds", found both. Leave out one.`];
      return [];
    }),
  );
}

function unknownField(field: string, known: readonly string[]): string {
  const meant = known.find((name) => name.endsWith(`.${field}`)) ?? suggest(field, known);
  return `no recipe has such a field. ${meant === undefined ? 'gansynth recipes fields names them.' : `Did you mean "${meant}"?`}`;
}
