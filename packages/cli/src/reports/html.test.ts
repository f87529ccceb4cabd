import { describe, expect, it } from 'vitest';
import { htmlTable } from './html.js';

describe('a table of a page', () => {
  it('shows cells as they are, without what no page can hold', () => {
    expect(
      htmlTable([
        ['a', 'b'],
        ['<script>"&\u0000', 1],
      ]),
    ).toContain('<tr><td>&lt;script&gt;&quot;&amp;</td><td>1</td></tr>');
    expect(htmlTable([[], ['only']], 'facts')).toBe(
      '<div class="wide"><table class="facts"><tbody><tr><td>only</td></tr></tbody></table></div>',
    );
  });
});
