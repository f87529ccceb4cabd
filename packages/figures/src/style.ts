/** Colours of series, for light and for dark paper: told apart in print too, and by most who see colours differently. */
const light = ['#1f5fcf', '#c8500a', '#1b7f4d', '#8a3fb8', '#8a6a00', '#b3245f', '#3d7a85'];
const dark = ['#77a9ff', '#ff9d5c', '#5ed29b', '#cf9dff', '#e3bf4c', '#ff86b4', '#84c9d4'];

/** Series that have a colour of their own; further ones begin again. */
export const colourCount: number = light.length;

const seriesRules = (colours: readonly string[]): string =>
  colours.map((colour, i) => `.gf .s${i}{stroke:${colour}}.gf .f${i}{fill:${colour}}`).join('');

const inks = (paper: string, ink: string, dim: string, grid: string, soft: string): string =>
  `.gf .paper{fill:${paper}}.gf text{fill:${dim}}.gf .title{fill:${ink}}.gf .grid{stroke:${grid}}.gf .rule{stroke:${dim}}` +
  `.gf .ink{stroke:${ink}}.gf .inkfill{fill:${ink}}.gf .soft{fill:${soft}}`;

/**
 * Rules inside every figure: plain colours in classes, which viewers without custom properties understand too. Dark only on a screen that
 * asks for it, so that paper stays light.
 */
export const style: string =
  '.gf text{font:11px system-ui,-apple-system,"Segoe UI",Roboto,sans-serif}.gf .title{font-weight:600}.gf .head{font-size:14px}' +
  '.gf .line{fill:none;stroke-width:1.5;stroke-linejoin:round}.gf .thin{stroke-width:.7}.gf .faint{stroke-opacity:.35}.gf .frame{fill:none}' +
  '.gf .grid{stroke-width:.7}.gf .rule{stroke-dasharray:3 4}.gf .bold{stroke-width:2.2}' +
  inks('#ffffff', '#1c1d21', '#565962', '#dcdee3', '#c9ccd4') +
  seriesRules(light) +
  `@media screen and (prefers-color-scheme:dark){${inks('#17181b', '#ececf0', '#a6a9b2', '#33363d', '#4b4f58')}${seriesRules(dark)}}`;
