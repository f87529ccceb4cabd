import type { Command } from 'commander';
import { list } from './sweep-list.js';
import { table } from './sweep-table.js';
import { train } from './sweep-train.js';

/** `gansynth sweep list|train|table` */
export function sweep(program: Command): void {
  const group = program.command('sweep').description('many trainings from one file: a grid or a list of changes to a recipe');
  for (const add of [list, train, table]) add(group);
}
