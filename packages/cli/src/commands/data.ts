import type { Command } from 'commander';
import { convert } from './data-convert.js';
import { download } from './data-download.js';
import { inspect } from './data-inspect.js';
import { importSounds } from './data-import.js';
import { render } from './data-render.js';
import { split } from './data-split.js';

/** `gansynth data inspect|import|render|convert|download|split` */
export function data(program: Command): void {
  const group = program.command('data').description('collections of notes: look at them, make them, split them');
  for (const add of [inspect, importSounds, render, convert, download, split]) add(group);
}
