import { existsSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { describe } from 'vitest';
import { parseNpy, type Npy } from './npy.js';
import { parseReferenceWav } from './wav.js';

const root = process.env['GANSYNTH_REFERENCE_DATA'] ?? fileURLToPath(new URL('../../../../shared/', import.meta.url));

/** Path inside the reference material that may lie beside the checkout (vectors computed by the original code, real notes). */
export const sharedPath = (path: string): string => `${root}${root.endsWith('/') ? '' : '/'}${path}`;

/** Reads a JSON file of the reference material. */
export const readShared = <T>(path: string): T => JSON.parse(readFileSync(sharedPath(path), 'utf8')) as T;

/** Reads a numpy file, see {@link parseNpy}. */
export const readNpy = (path: string): Npy => parseNpy(readFileSync(path), path);

/** Reads a reference note, see {@link parseReferenceWav}. */
export const readReferenceWav = (path: string): Float32Array => parseReferenceWav(readFileSync(path));

/**
 * A suite that needs reference material beside the checkout: where `path` is missing it is skipped, and its name says so.
 */
export function describeWithShared(path: string, name: string, body: () => void): void {
  if (existsSync(sharedPath(path))) describe(name, body);
  else describe.skip(`${name} (skipped: no reference data at ${sharedPath(path)})`, body);
}
