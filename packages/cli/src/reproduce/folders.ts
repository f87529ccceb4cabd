import { join } from 'node:path';

/** What lies where in the folder of a reproduction. */
export const folders = (to: string) => ({
  notes: join(to, 'notes'),
  preparing: join(to, 'notes.lock.json'),
  runs: join(to, 'runs'),
  classifiers: join(to, 'runs', 'classifiers'),
  results: join(to, 'results'),
  samples: (row: string) => join(to, 'sounds', row),
  result: (row: string, seed: number | null) => join(to, 'results', `${row}${seed === null ? '' : `-seed-${seed}`}.json`),
  trained: (row: string, seed: number) => join(to, 'results', 'trained', `${row}-seed-${seed}.json`),
  trainings: join(to, 'results', 'trained'),
  listening: join(to, 'results', 'listening.json'),
  latencies: join(to, 'results', 'latencies.json'),
  figures: join(to, 'figures'),
  ledger: join(to, 'ledger.json'),
  page: join(to, 'paper.html'),
});

export type Folders = ReturnType<typeof folders>;
