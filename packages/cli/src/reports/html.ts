const entities: Readonly<Record<string, string>> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;' };

/** Text that may stand in an HTML document, also inside an attribute. */
export const escapeHtml = (text: unknown): string => String(text).replaceAll(/[&<>"]/g, (character) => entities[character]!);

/** A file as part of the page. */
export const dataUri = (bytes: Uint8Array, type: string): string =>
  `data:${type};base64,${Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString('base64')}`;

const line = (cells: readonly (string | number)[], tag: 'th' | 'td'): string =>
  `<tr>${cells.map((cell) => `<${tag}>${escapeHtml(cell)}</${tag}>`).join('')}</tr>`;

/** A table; the first row is its head. Cells are text. */
export function htmlTable(rows: readonly (readonly (string | number)[])[], className = ''): string {
  const [head = [], ...body] = rows;
  const top = head.length === 0 ? '' : `<thead>${line(head, 'th')}</thead>`;
  return `<div class="wide"><table class="${className}">${top}<tbody>${body.map((cells) => line(cells, 'td')).join('')}</tbody></table></div>`;
}
