import type { Command } from 'commander';
import { bins, wins } from './figure-of-scores.js';
import { coherence, phases } from './figure-of-notes.js';
import { interpolation, latency, octaves } from './figure-of-models.js';

/** `gansynth figure phases|wins|coherence|interpolation|bins|octaves|latency` */
export function figure(program: Command): void {
  const group = program.command('figure').description('the figures of the paper from your notes, models and scores, as SVG');
  for (const add of [phases, wins, coherence, interpolation, bins, octaves, latency]) add(group);
}
