import { existsSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { describe, it } from 'vitest';
import { parseNpy, type Npy } from './npy.js';
import { parseReferenceWav } from './wav.js';

const named = process.env['GANSYNTH_REFERENCE_DATA'] || undefined;
const root = named ?? fileURLToPath(new URL('../../../../shared/', import.meta.url));

/** Path inside the material that may lie beside the checkout: genuine NSynth recordings, and what the original code makes of them. */
export const sharedPath = (path: string): string => `${root}${root.endsWith('/') ? '' : '/'}${path}`;

/** Reads a JSON file of the material beside the checkout. */
export const readShared = <T>(path: string): T => JSON.parse(readFileSync(sharedPath(path), 'utf8')) as T;

/** Reads a numpy file, see {@link parseNpy}. */
export const readNpy = (path: string): Npy => parseNpy(readFileSync(path), path);

/** Reads a reference note, see {@link parseReferenceWav}. */
export const readReferenceWav = (path: string): Float32Array => parseReferenceWav(readFileSync(path));

/**
 * A suite that needs genuine NSynth recordings, which are not ours to hand on: where they do not lie beside the checkout, one skipped test
 * stands for it and says so; its body is not run. A folder that GANSYNTH_REFERENCE_DATA names has to hold them.
 */
export function describeWithGenuineNSynth(name: string, body: () => void): void {
  const wanted = sharedPath('data/nsynth-genuine/examples.json');
  if (named !== undefined || existsSync(wanted)) describe(`${name} (genuine NSynth)`, body);
  else it.skip(`${name} (skipped: needs genuine NSynth recordings, none at ${wanted})`, () => {});
}
