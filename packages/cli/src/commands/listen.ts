import type { Command } from 'commander';
import { make } from './listen-make.js';
import { score } from './listen-score.js';
import { serve } from './listen-serve.js';

/** `gansynth listen make|serve|score` */
export function listen(program: Command): void {
  const group = program
    .command('listen')
    .description('listening tests: which model do people like better? (figure 2 of the paper)');
  for (const add of [make, serve, score]) add(group);
}
