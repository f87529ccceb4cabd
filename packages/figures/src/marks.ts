import { FigureError } from './errors.js';
import { dataUri, encodePng, type Picture } from './picture.js';
import { colourCount } from './style.js';
import { escapeXml, px } from './text.js';

type Scale = (value: number) => number;

/** A colour: of a series by its number, `ink` of the text, `soft` of what stands behind. */
export type Colour = number | 'ink' | 'soft';

export type Mark =
  /** A line through points; `breaks` are positions at which a new one begins. */
  | {
      readonly kind: 'line';
      readonly x: ArrayLike<number>;
      readonly y: ArrayLike<number>;
      readonly colour: Colour;
      readonly weight?: 'thin' | 'bold' | undefined;
      readonly faint?: boolean | undefined;
      readonly breaks?: Iterable<number> | undefined;
    }
  | {
      readonly kind: 'dots';
      readonly x: ArrayLike<number>;
      readonly y: ArrayLike<number>;
      readonly colour: Colour;
      readonly radius?: number;
    }
  /** Bars from `from` to each of `to`, standing (`y`) or lying (`x`), `width` wide in units of the other axis. */
  | {
      readonly kind: 'bars';
      readonly along: 'x' | 'y';
      readonly at: ArrayLike<number>;
      readonly from: number;
      readonly to: ArrayLike<number>;
      readonly width: number;
      readonly colours: readonly Colour[];
      /** Shown when pointed at, and read out. */
      readonly names?: readonly string[] | undefined;
      /** Written at the ends, or where `labelsAt` says. */
      readonly labels?: readonly string[] | undefined;
      readonly labelsAt?: ArrayLike<number> | undefined;
    }
  /** A short line across a bar: a number to compare with. */
  | {
      readonly kind: 'ticks';
      readonly along: 'x' | 'y';
      readonly at: ArrayLike<number>;
      readonly to: ArrayLike<number>;
      readonly width: number;
    }
  /** A picture over the whole panel. */
  | { readonly kind: 'picture'; readonly picture: Picture; readonly name: string }
  /** A dashed line across the panel. */
  | { readonly kind: 'rule'; readonly axis: 'x' | 'y'; readonly at: number; readonly label?: string | undefined };

export interface Area {
  readonly left: number;
  readonly right: number;
  readonly top: number;
  readonly bottom: number;
}

/** The class of a line. */
export const strokeOf = (colour: Colour): string =>
  typeof colour === 'number' ? `s${colour % colourCount}` : colour === 'ink' ? 'ink' : 'grid';
/** The class of an area. */
export const fillOf = (colour: Colour): string =>
  typeof colour === 'number' ? `f${colour % colourCount}` : colour === 'ink' ? 'inkfill' : 'soft';

function path(x: ArrayLike<number>, y: ArrayLike<number>, sx: Scale, sy: Scale, breaks: ReadonlySet<number>): string {
  let text = '';
  for (let i = 0; i < x.length; i++) text += `${i === 0 || breaks.has(i) ? 'M' : 'L'}${px(sx(x[i]!))} ${px(sy(y[i]!))}`;
  return text;
}

/** One mark as SVG. */
export function drawMark(mark: Mark, sx: Scale, sy: Scale, area: Area): string {
  switch (mark.kind) {
    case 'line': {
      if (mark.x.length !== mark.y.length)
        throw new FigureError(`line: expected as many x as y, found ${mark.x.length} and ${mark.y.length}.`, mark.x.length);
      const classes = ['line', strokeOf(mark.colour), mark.weight ?? '', mark.faint ? 'faint' : ''].filter(Boolean).join(' ');
      return `<path class="${classes}" d="${path(mark.x, mark.y, sx, sy, new Set(mark.breaks))}"/>`;
    }
    case 'dots':
      return Array.from(
        { length: mark.x.length },
        (_, i) =>
          `<circle class="${fillOf(mark.colour)}" cx="${px(sx(mark.x[i]!))}" cy="${px(sy(mark.y[i]!))}" r="${mark.radius ?? 2.5}"/>`,
      ).join('');
    case 'bars':
      return Array.from({ length: mark.at.length }, (_, i) => bar(mark, i, sx, sy)).join('');
    case 'ticks':
      return Array.from({ length: mark.at.length }, (_, i) => {
        const [at, to, half] = [mark.at[i]!, mark.to[i]!, mark.width / 2];
        const [x1, x2, y1, y2] =
          mark.along === 'x' ? [sx(to), sx(to), sy(at - half), sy(at + half)] : [sx(at - half), sx(at + half), sy(to), sy(to)];
        return `<line class="ink bold" x1="${px(x1)}" x2="${px(x2)}" y1="${px(y1)}" y2="${px(y2)}"/>`;
      }).join('');
    case 'picture': {
      const { left, right, top, bottom } = area;
      const href = dataUri(encodePng(mark.picture), 'image/png');
      return `<image x="${px(left)}" y="${px(top)}" width="${px(right - left)}" height="${px(bottom - top)}" preserveAspectRatio="none" href="${href}"><title>${escapeXml(mark.name)}</title></image>`;
    }
    case 'rule': {
      const at = mark.axis === 'x' ? sx(mark.at) : sy(mark.at);
      const [x1, x2, y1, y2] = mark.axis === 'x' ? [at, at, area.top, area.bottom] : [area.left, area.right, at, at];
      const title = mark.label === undefined ? '' : `<title>${escapeXml(mark.label)}</title>`;
      return `<line class="rule" x1="${px(x1)}" x2="${px(x2)}" y1="${px(y1)}" y2="${px(y2)}">${title}</line>`;
    }
  }
}

function bar(mark: Extract<Mark, { kind: 'bars' }>, i: number, sx: Scale, sy: Scale): string {
  const [at, to, half] = [mark.at[i]!, mark.to[i]!, mark.width / 2];
  const across = mark.along === 'x' ? [sy(at - half), sy(at + half)] : [sx(at - half), sx(at + half)];
  const along = mark.along === 'x' ? [sx(mark.from), sx(to)] : [sy(mark.from), sy(to)];
  const [a, b] = [Math.min(...across), Math.max(...across)];
  const [c, d] = [Math.min(...along), Math.max(...along)];
  const [x, y, width, height] = mark.along === 'x' ? [c, a, d - c, b - a] : [a, c, b - a, d - c];
  const name = mark.names?.[i];
  const title = name === undefined ? '' : `<title>${escapeXml(name)}</title>`;
  const rect = `<rect class="${fillOf(mark.colours[i] ?? mark.colours[0] ?? 0)}" x="${px(x)}" y="${px(y)}" width="${px(Math.max(0.5, width))}" height="${px(Math.max(0.5, height))}">${title}</rect>`;
  const label = mark.labels?.[i];
  if (label === undefined) return rect;
  const end = mark.labelsAt?.[i] ?? to;
  const place =
    mark.along === 'x'
      ? `x="${px(sx(end) + 5)}" y="${px((a + b) / 2 + 4)}"`
      : `x="${px((a + b) / 2)}" y="${px(sy(end) - 4)}" text-anchor="middle"`;
  return `${rect}<text ${place}>${escapeXml(label)}</text>`;
}
