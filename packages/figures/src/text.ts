const entities: Readonly<Record<string, string>> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;' };

/** Text that may stand in XML or HTML, also inside an attribute; what XML cannot hold is left out. */
export const escapeXml = (text: unknown): string =>
  [...String(text)]
    .filter((character) => character >= ' ' || character === '\n' || character === '\t')
    .join('')
    .replaceAll(/[&<>"]/g, (character) => entities[character]!);

/** A coordinate, to a tenth of a pixel. */
export const px = (value: number): string => String(+value.toFixed(1));

/** A number for an axis: "0.25", "1.5k", "2M". */
export function short(value: number): string {
  if (Math.abs(value) >= 1e6) return `${+(value / 1e6).toPrecision(3)}M`;
  if (Math.abs(value) >= 1e4) return `${+(value / 1e3).toPrecision(3)}k`;
  return String(+value.toPrecision(3)).replace('-', '\u2212');
}

/** About how wide a text is, in pixels; letters of system fonts are rarely wider. */
export const widthOf = (text: string, size: number): number => 0.56 * size * [...text].length;

/** A text in lines of at most this many pixels, as far as its words allow. */
export function linesOf(text: string, width: number, size: number): string[] {
  const [first = '', ...words] = text.split(' ');
  const lines = [first];
  for (const word of words) {
    const longer = `${lines.at(-1)} ${word}`;
    if (widthOf(longer, size) <= width) lines[lines.length - 1] = longer;
    else lines.push(word);
  }
  return lines;
}
