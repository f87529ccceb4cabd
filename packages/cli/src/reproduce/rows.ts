import { suggest } from '@gansynth/common/suggest';
import { UsageError } from '../app/errors.js';
import { paperScores, type PaperScore } from '../reports/paper-scores.js';

/** A row of the comparison. */
export interface Row {
  /** Also the name of its recipe within a scale. */
  readonly id: string;
  readonly title: string;
  /** What the paper published for it; none for rows of our own. */
  readonly paper?: PaperScore;
}

/** The name of a recipe within its scale, which each scale has. */
const withinScale = (recipe: string): string => recipe.replace('paper/', '');

/** What the paper calls them, in its order, and below them what this project found since. */
export const rows: readonly Row[] = [
  ...paperScores.flatMap((paper) =>
    paper.recipe === undefined ? [] : [{ id: withinScale(paper.recipe), title: paper.model, paper }],
  ),
  { id: 'harmonic', title: 'harmonics and noise' },
  { id: 'if-mel-h-l1', title: 'IF-Mel + H, shown real notes' },
];

/** Not scored: trained beside the rows, for the third row of figure 4. */
export const autoencoder: Row = { id: withinScale('paper/nsynth-autoencoder'), title: "NSynth's autoencoder" };

const publishedRealData = paperScores.find(({ recipe }) => recipe === undefined);

/** Real notes, which stand above the rows. */
export const realData: Row = {
  id: 'real-data',
  title: 'real data',
  ...(publishedRealData === undefined ? {} : { paper: publishedRealData }),
};

/** Letters and digits alone: "IF-Mel + H" is if-mel-h. */
const plain = (name: string): string => name.toLowerCase().replaceAll(/[^a-z0-9]/g, '');

/** The row that somebody's name for a model means: an id or a title in any spelling, for real data also "real"; undefined for others. */
export const rowNamed = (name: string): Row | undefined =>
  plain(name) === 'real'
    ? realData
    : [realData, ...rows].find(({ id, title }) => [plain(id), plain(title)].includes(plain(name)));

/**
 * The rows of these names, in the table's order, and the autoencoder below them; all of them where none is named.
 *
 * @throws UsageError for a name that no row has
 */
export function chooseRows(names: readonly string[]): Row[] {
  const all = [...rows, autoencoder];
  const ids = all.map(({ id }) => id);
  for (const name of names) {
    if (ids.includes(name)) continue;
    const meant = suggest(name, ids);
    throw new UsageError(
      `${name}: expected a row of the comparison (${ids.join(', ')}), found none. ${meant === undefined ? '' : `Did you mean ${meant}?`}`.trim(),
      name,
    );
  }
  return names.length === 0 ? all : all.filter(({ id }) => names.includes(id));
}
