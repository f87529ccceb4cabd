import { escapeXml } from '@gansynth/figures';

const line = (cells: readonly (string | number)[], tag: 'th' | 'td'): string =>
  `<tr>${cells.map((cell) => `<${tag}>${escapeXml(cell)}</${tag}>`).join('')}</tr>`;

/** A table; the first row is its head. Cells are text. */
export function htmlTable(rows: readonly (readonly (string | number)[])[], className = ''): string {
  const [head = [], ...body] = rows;
  const top = head.length === 0 ? '' : `<thead>${line(head, 'th')}</thead>`;
  return `<div class="wide"><table class="${className}">${top}<tbody>${body.map((cells) => line(cells, 'td')).join('')}</tbody></table></div>`;
}
