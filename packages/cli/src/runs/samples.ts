import { existsSync, readdirSync, rmSync, statSync } from 'node:fs';
import { join } from 'node:path';
import type { LengthField } from '../families/family.js';
import type { Run } from './run.js';

/** Notes of the end of a stage. */
export const stageSamples = ({ paths }: Run, stage: number): string =>
  join(paths.samples, `stage-${String(stage).padStart(2, '0')}`);

/** Notes of a save on the way: `images-000012000`. */
export const saveSamples = ({ paths }: Run, done: number, unit: LengthField['unit']): string =>
  join(paths.samples, `${unit}-${String(done).padStart(9, '0')}`);

/** Notes of the model as it lies there, made afterwards. */
export const modelSamples = ({ paths }: Run): string => join(paths.samples, 'model');

/** Names of the folders of notes of a run, in the order in which they were made. */
export function sampleFolders({ paths }: Run): string[] {
  if (!existsSync(paths.samples)) return [];
  return readdirSync(paths.samples)
    .map((name) => ({ name, stats: statSync(join(paths.samples, name)) }))
    .filter(({ stats }) => stats.isDirectory())
    .sort((a, b) => a.stats.mtimeMs - b.stats.mtimeMs || (a.name < b.name ? -1 : 1))
    .map(({ name }) => name);
}

export const hasSamples = (run: Run): boolean =>
  sampleFolders(run).some((name) => readdirSync(join(run.paths.samples, name)).some((file) => file.endsWith('.wav')));

/** Deletes the notes of all saves on the way but the newest few; those of stages stay. */
export function keepNewestSamples(run: Run, keep: number): void {
  const onTheWay = sampleFolders(run)
    .map((name) => ({ name, done: Number(/^[a-z]+-(\d{9,})$/.exec(name)?.[1]) }))
    .filter(({ done }) => !Number.isNaN(done))
    .sort((a, b) => a.done - b.done);
  for (const { name } of onTheWay.slice(0, -keep || undefined))
    rmSync(join(run.paths.samples, name), { recursive: true, force: true });
}
