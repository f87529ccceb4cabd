import { escapeXml } from '@gansynth/figures';

export interface Section {
  readonly title: string;
  /** HTML. */
  readonly body: string;
}

const style = `
:root { color-scheme: light dark; --ink: #1c1d21; --dim: #6b6e76; --line: #d9dbe0; --paper: #ffffff; --card: #f6f7f9; }
@media (prefers-color-scheme: dark) { :root { --ink: #e8e9ec; --dim: #9b9ea7; --line: #33363d; --paper: #17181b; --card: #1f2125; } }
* { box-sizing: border-box; }
body { margin: 0 auto; padding: 2rem 1.25rem 4rem; max-width: 74rem; font: 15px/1.5 system-ui, sans-serif; color: var(--ink); background: var(--paper); }
h1 { font-size: 1.7rem; margin: 0; } h2 { font-size: 1.2rem; margin: 2.6rem 0 .8rem; } h3 { font-size: 1rem; margin: 1.4rem 0 .5rem; }
p, .dim { color: var(--dim); margin: .3rem 0; }
.wide { overflow-x: auto; }
table { font-size: .92rem; border-collapse: collapse; font-variant-numeric: tabular-nums; }
th, td { text-align: right; padding: .3rem .6rem; border-bottom: 1px solid var(--line); white-space: nowrap; }
th:first-child, td:first-child, .facts td { text-align: left; }
th { font-weight: 600; color: var(--dim); }
.intervals th, .intervals td { padding: .3rem .42rem; }
.intervals th { white-space: normal; vertical-align: bottom; }
.intervals td { white-space: pre; line-height: 1.3; vertical-align: top; }
.intervals td:first-child { white-space: pre-wrap; min-width: 8.5rem; }
.words td { white-space: normal; text-align: left; min-width: 6rem; } .words th { text-align: left; }
@media (max-width: 40rem) { th:first-child, td:first-child { white-space: normal; min-width: 7.5rem; } }
.charts { display: grid; grid-template-columns: repeat(auto-fit, minmax(26rem, 1fr)); gap: 1rem; }
svg { width: 100%; height: auto; border: 1px solid var(--line); border-radius: 8px; }
.wide svg { display: block; min-width: 42rem; } @media print { .wide svg { min-width: 0; } }
.notes { display: grid; grid-template-columns: repeat(auto-fill, minmax(13rem, 1fr)); gap: .9rem; }
figure { margin: 0; background: var(--card); border-radius: 8px; overflow: hidden; }
figure img { display: block; width: 100%; height: 8rem; object-fit: fill; background: #000; }
figure audio { display: block; width: 100%; height: 34px; }
figcaption { padding: .35rem .6rem; font-size: .85rem; color: var(--dim); }
pre { overflow-x: auto; background: var(--card); padding: 1rem; border-radius: 8px; font-size: .82rem; }
`;

/** One HTML page that needs nothing but itself. */
export function page(title: string, lead: string, sections: readonly Section[]): string {
  const parts = sections
    .filter(({ body }) => body !== '')
    .map(({ title: heading, body }) => `<section><h2>${escapeXml(heading)}</h2>${body}</section>`);
  return `<!doctype html>
<html lang="en">
<head><meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1"><title>${escapeXml(title)}</title><style>${style}</style></head>
<body><header><h1>${escapeXml(title)}</h1>${lead}</header>
${parts.join('\n')}
</body>
</html>
`;
}
