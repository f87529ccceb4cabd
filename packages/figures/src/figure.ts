import { crc32c } from '@gansynth/common/crc32c';
import { checkSome, FigureError } from './errors.js';
import { type Area, type Colour, drawMark, fillOf, type Mark, strokeOf } from './marks.js';
import { type Axis, scaleOf, ticksOf } from './scale.js';
import { style } from './style.js';
import { escapeXml, linesOf, px, widthOf } from './text.js';

/** One plot. */
export interface Panel {
  readonly title?: string | undefined;
  readonly x: Axis;
  readonly y: Axis;
  readonly marks: readonly Mark[];
}

export interface FigureOptions {
  readonly title: string;
  /** What it shows, for those who do not see it. */
  readonly description: string;
  /** Panels in rows; those of a row share its width. */
  readonly rows: readonly (readonly Panel[])[];
  /** Panels that fit beside each other; rows with fewer leave room. Default: as many as the row has. */
  readonly columns?: number | undefined;
  /** Pixels. Default 720. */
  readonly width?: number | undefined;
  /** Of each row, in pixels. Default 180. */
  readonly heights?: readonly number[] | undefined;
  readonly legend?:
    | readonly { readonly name: string; readonly colour: Colour; readonly kind?: 'box' | 'line' | 'tick' }[]
    | undefined;
}

const LINE = 16;

/** Room round a panel for its words. */
function marginsOf({ title, x, y }: Panel): Area {
  const widest = Math.max(0, ...ticksOf(y).map(({ label }) => widthOf(label, 11)));
  return {
    left: (y.label === undefined ? 4 : 20) + widest + 6,
    right: 12,
    top: title === undefined ? 8 : 22,
    bottom: (ticksOf(x).length === 0 ? 4 : 18) + (x.label === undefined ? 2 : 16),
  };
}

/** Titles of a row's panels in lines: each may reach to where the next one begins. */
function titlesOf(row: readonly Panel[], lefts: readonly number[], width: number): string[][] {
  return row.map(({ title }, c) => {
    if (title === undefined) return [];
    const next = row.findIndex((other, i) => i > c && other.title !== undefined);
    // Letters of a title are bold, which is wider.
    return linesOf(title, (next === -1 ? width : lefts[next]!) - 8 - lefts[c]!, 12);
  });
}

function drawPanel(panel: Panel, area: Area, title: readonly string[], clip: string): string {
  const { x, y, marks } = panel;
  const { left, right, top, bottom } = area;
  if (!(right > left && bottom > top))
    throw new FigureError('figure: expected room for each panel, found none. Give it more width or height.', [
      right - left,
      bottom - top,
    ]);
  const [sx, sy] = [scaleOf(x, [left, right]), scaleOf(y, [bottom, top])];
  const parts: string[] = [];
  for (const { at, label } of ticksOf(y)) {
    if (y.grid !== false)
      parts.push(`<line class="grid" x1="${px(left)}" x2="${px(right)}" y1="${px(sy(at))}" y2="${px(sy(at))}"/>`);
    parts.push(`<text x="${px(left - 6)}" y="${px(sy(at) + 4)}" text-anchor="end">${escapeXml(label)}</text>`);
  }
  for (const { at, label } of ticksOf(x, Math.max(2, Math.min(6, (right - left) / 70)))) {
    if (x.grid !== false)
      parts.push(`<line class="grid" x1="${px(sx(at))}" x2="${px(sx(at))}" y1="${px(top)}" y2="${px(bottom)}"/>`);
    parts.push(`<text x="${px(sx(at))}" y="${px(bottom + 14)}" text-anchor="middle">${escapeXml(label)}</text>`);
  }
  const drawn = marks.map((mark) => drawMark(mark, sx, sy, area)).join('');
  parts.push(
    `<g clip-path="url(#${clip})">${drawn}</g>`,
    `<rect class="frame grid" x="${px(left)}" y="${px(top)}" width="${px(right - left)}" height="${px(bottom - top)}"/>`,
  );
  for (const [i, line] of title.entries()) {
    const at = top - 8 - (title.length - 1 - i) * LINE;
    parts.push(`<text class="title" x="${px(left)}" y="${px(at)}">${escapeXml(line)}</text>`);
  }
  const foot = bottom + (ticksOf(x).length === 0 ? 14 : 30);
  if (x.label !== undefined)
    parts.push(`<text x="${px((left + right) / 2)}" y="${px(foot)}" text-anchor="middle">${escapeXml(x.label)}</text>`);
  if (y.label !== undefined) {
    const [tx, ty] = [px(left - marginsOf(panel).left + 13), px((top + bottom) / 2)];
    parts.push(`<text transform="translate(${tx} ${ty}) rotate(-90)" text-anchor="middle">${escapeXml(y.label)}</text>`);
  }
  return parts.join('');
}

function drawLegend(
  entries: NonNullable<FigureOptions['legend']>,
  width: number,
  top: number,
): { readonly svg: string; readonly height: number } {
  if (entries.length === 0) return { svg: '', height: 0 };
  let [x, y] = [14, top + 12];
  const parts = entries.map(({ name, colour, kind = 'box' }) => {
    const wide = 22 + widthOf(name, 11) + 14;
    if (x > 14 && x + wide > width) [x, y] = [14, y + LINE];
    const sign =
      kind === 'box'
        ? `<rect class="${fillOf(colour)}" x="${px(x)}" y="${y - 9}" width="12" height="10"/>`
        : kind === 'line'
          ? `<line class="bold ${strokeOf(colour)}" x1="${px(x)}" x2="${px(x + 14)}" y1="${y - 4}" y2="${y - 4}"/>`
          : `<line class="ink bold" x1="${px(x + 6)}" x2="${px(x + 6)}" y1="${y - 10}" y2="${y + 2}"/>`;
    const text = `${sign}<text x="${px(x + 20)}" y="${y}">${escapeXml(name)}</text>`;
    x += wide;
    return text;
  });
  return { svg: parts.join(''), height: y - top + 8 };
}

/**
 * Panels in rows as one SVG document: readable on light and dark screens and in print, with a title and a description that are read out. It needs
 * nothing outside itself, and may stand in an HTML page as it is.
 *
 * @throws FigureError for axes without range, or no room
 */
export function figure({ title, description, rows, columns, width = 720, heights, legend = [] }: FigureOptions): string {
  checkSome(rows, 'figure: rows');
  const head = 30;
  const drawnLegend = drawLegend(legend, width, head);
  const key = crc32c(new TextEncoder().encode(JSON.stringify([title, description, rows.length, width]))).toString(36);
  let top = head + drawnLegend.height;
  const [panels, clips]: [string[], string[]] = [[], []];
  for (const [r, row] of rows.entries()) {
    checkSome(row, 'figure: panels of a row');
    const margins = row.map(marginsOf);
    const each = (width - 8) / (columns ?? row.length);
    const lefts = margins.map(({ left }, c) => 4 + c * each + left);
    const titles = titlesOf(row, lefts, width);
    const further = LINE * Math.max(0, ...titles.map((lines) => lines.length - 1));
    const height = (heights?.[r] ?? 180) + further;
    // Panels of a row stand on one line.
    const [above, below] = [Math.max(...margins.map((m) => m.top)) + further, Math.max(...margins.map((m) => m.bottom))];
    for (const [c, panel] of row.entries()) {
      const area = {
        left: lefts[c]!,
        right: 4 + (c + 1) * each - margins[c]!.right,
        top: top + above,
        bottom: top + height - below,
      };
      const clip = `gf-${key}-${r}-${c}`;
      clips.push(
        `<clipPath id="${clip}"><rect x="${px(area.left)}" y="${px(area.top)}" width="${px(area.right - area.left + marginsOf(panel).right - 2)}" height="${px(area.bottom - area.top)}"/></clipPath>`,
      );
      panels.push(`<g>${drawPanel(panel, area, titles[c]!, clip)}</g>`);
    }
    top += height;
  }
  const height = top + 6;
  return (
    `<svg xmlns="http://www.w3.org/2000/svg" class="gf" viewBox="0 0 ${width} ${px(height)}" width="${width}" height="${px(height)}" role="img" aria-labelledby="gf-${key}-t" aria-describedby="gf-${key}-d">` +
    `<title id="gf-${key}-t">${escapeXml(title)}</title><desc id="gf-${key}-d">${escapeXml(description)}</desc><style>${style}</style><defs>${clips.join('')}</defs>` +
    `<rect class="paper" width="${width}" height="${px(height)}" rx="6"/><text class="title head" x="14" y="22">${escapeXml(title)}</text>` +
    `${drawnLegend.svg}${panels.join('')}</svg>`
  );
}
