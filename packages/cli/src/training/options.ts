import type { Command } from 'commander';
import { integer, minutes } from '../app/numbers.js';
import { withBackend, type BackendOptions } from '../backend/options.js';

export interface TrainingOptions extends BackendOptions {
  readonly data?: string;
  readonly runs: string;
  readonly minutes?: number;
  readonly cache: number;
}

/** Adds to a command that trains what it learns from, where it goes, and how long. */
export const withTraining = (command: Command): Command =>
  withBackend(command)
    .option('--data <path>', "the notes: a collection's folder, .tar.gz or .tfrecord (default: data.path of the recipe)")
    .option('--runs <folder>', 'where the run goes', 'runs')
    .option('--minutes <n>', 'stop this session after so long, saved; the same command goes on', minutes)
    .option('--cache <MiB>', 'memory for encoded notes', integer({ from: 1, to: 2 ** 20 }), 1024);
