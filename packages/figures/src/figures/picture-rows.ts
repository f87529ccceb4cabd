import { checkSome } from '../errors.js';
import { figure, type Panel } from '../figure.js';
import type { Picture } from '../picture.js';

const bare = { domain: [0, 1] as const, ticks: [], grid: false };

/** One way from the first sound to the last. */
export interface InterpolationRow {
  /** "GAN, latent", "WaveNet autoencoder", "waves mixed". */
  readonly name: string;
  /** Rainbowgrams, one a step, first to last. */
  readonly pictures: readonly Picture[];
}

/**
 * Figure 4: from one timbre to another, each way a row of rainbowgrams.
 *
 * @param shares of the last sound in each step, 0 to 1
 * @see Engel et al. 2019, figure 4
 */
export function interpolationFigure(
  rows: readonly InterpolationRow[],
  shares: readonly number[],
  { title = 'Interpolation' }: { readonly title?: string } = {},
): string {
  checkSome(rows, 'interpolationFigure: rows');
  checkSome(shares, 'interpolationFigure: shares');
  const panels = rows.map(({ name, pictures }, r) =>
    pictures.map((picture, i): Panel => ({
      ...(i === 0 ? { title: name } : {}),
      x: r === rows.length - 1 ? { ...bare, label: `${Math.round(100 * (shares[i] ?? 0))} %` } : bare,
      y: i === 0 ? { ...bare, label: 'frequency, mel' } : bare,
      marks: [{ kind: 'picture', picture, name: `${name}, step ${i + 1}` }],
    })),
  );
  return figure({
    title,
    description: `Rainbowgrams of ${shares.length} steps from one sound to another (share of the second: ${shares.map((share) => `${Math.round(100 * share)} %`).join(', ')}): ${rows.map(({ name }) => name).join('; ')}.`,
    width: Math.max(420, 24 + 110 * shares.length),
    heights: rows.map(() => 150),
    rows: panels,
  });
}

/** A sequence of notes. */
export interface SequenceRow {
  /** "one latent", "latents moving". */
  readonly name: string;
  /** Rainbowgram of all of it. */
  readonly picture: Picture;
  /** Length of all of it. */
  readonly seconds: number;
}

/**
 * Figure 7: the same notes played by one latent, and by latents that move: with one the timbre stays over all octaves.
 *
 * @param notes names of the notes, in order, each as long as the others; none for a song
 * @see Engel et al. 2019, figure 7
 */
export function octavesFigure(
  rows: readonly SequenceRow[],
  notes: readonly string[] = [],
  { title = 'One latent over octaves' }: { readonly title?: string } = {},
): string {
  checkSome(rows, 'octavesFigure: rows');
  return figure({
    title,
    description: `Rainbowgrams of ${notes.length === 0 ? 'a song' : `the notes ${notes.join(', ')}`}: ${rows.map(({ name }) => name).join('; ')}.`,
    width: 860,
    heights: rows.map(() => 190),
    rows: rows.map(({ name, picture, seconds }): Panel[] => [
      {
        title: name,
        x:
          notes.length === 0
            ? { label: 'time in s', domain: [0, seconds], grid: false }
            : { label: 'note', domain: [0, notes.length], grid: false, ticks: notes.map((label, i) => ({ at: i + 0.5, label })) },
        y: { label: 'frequency, mel', domain: [0, 1], ticks: [], grid: false },
        marks: [{ kind: 'picture', picture, name }],
      },
    ]),
  });
}
