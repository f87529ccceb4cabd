import { checkSome, checkValues } from '../errors.js';
import { figure, type Panel } from '../figure.js';
import type { Picture } from '../picture.js';

/** A note of one model. */
export interface CoherenceNote {
  readonly name: string;
  /** What `wrapAtFundamental` of `@gansynth/spectral` gives: place in its cycle [0, 1), which cycle, and the sample. */
  readonly folded: { readonly position: ArrayLike<number>; readonly cycle: ArrayLike<number>; readonly value: ArrayLike<number> };
  /** Its rainbowgram. */
  readonly picture: Picture;
  /** Length of the note. */
  readonly seconds: number;
}

/** Notes beside each other in one row of panels. */
const ACROSS = 4;

/**
 * Figure 3: a note of each model, its waveform folded on its period (one line a cycle: coherent notes lie on themselves) above its rainbowgram.
 *
 * @see Engel et al. 2019, figure 3
 */
export function coherenceFigure(
  notes: readonly CoherenceNote[],
  { title = 'Phase coherence' }: { readonly title?: string } = {},
): string {
  checkSome(notes, 'coherenceFigure: notes');
  for (const { name, folded } of notes) checkValues(folded.value, `coherenceFigure: ${name}`, folded.position.length);
  const across = Math.min(ACROSS, notes.length);
  const rows: Panel[][] = [];
  for (let from = 0; from < notes.length; from += across) {
    const some = notes.slice(from, from + across);
    rows.push(some.map(foldedPanel), some.map(picturePanel));
  }
  return figure({
    title,
    description: `Waveforms folded on the period of the note, and rainbowgrams: ${notes.map(({ name }) => name).join(', ')}.`,
    width: Math.max(360, 8 + 190 * across),
    heights: rows.map((_, r) => (r % 2 === 0 ? 150 : 180)),
    rows,
    columns: across,
  });
}

function foldedPanel({ name, folded: { position, cycle, value } }: CoherenceNote): Panel {
  let top = 1e-9;
  const breaks: number[] = [];
  for (let n = 0; n < value.length; n++) {
    top = Math.max(top, Math.abs(value[n]!));
    if (n > 0 && cycle[n] !== cycle[n - 1]) breaks.push(n);
  }
  return {
    title: name,
    x: { label: 'place in the period', domain: [0, 1], ticks: [0, 1].map((at) => ({ at, label: String(at) })), grid: false },
    y: { domain: [-1.05 * top, 1.05 * top], ticks: [{ at: 0, label: '0' }] },
    marks: [{ kind: 'line', x: position, y: value, colour: 0, weight: 'thin', faint: true, breaks }],
  };
}

const picturePanel = ({ name, picture, seconds }: CoherenceNote): Panel => ({
  x: { label: 'time in s', domain: [0, seconds], grid: false },
  y: { label: 'frequency, mel', domain: [0, 1], ticks: [], grid: false },
  marks: [{ kind: 'picture', picture, name: `rainbowgram of ${name}` }],
});
