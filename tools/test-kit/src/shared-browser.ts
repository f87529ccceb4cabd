import { describe } from 'vitest';
import { parseNpy, type Npy } from './npy.js';
import { parseReferenceWav } from './wav.js';

/** Folder of the reference material on the disk; the configuration of the browser projects sets it, and lets the test server read there. */
const root = (import.meta as { env?: Record<string, string | undefined> }).env?.['GANSYNTH_REFERENCE_DATA'] ?? '';

/** Address at which the test server hands out a file of the reference material. */
export const sharedPath = (path: string): string => `/@fs${root}${root.endsWith('/') ? '' : '/'}${path}`;

async function bytes(url: string): Promise<Uint8Array> {
  const response = await fetch(url);
  // For what it does not have, the server sends its start page.
  if (!response.ok || response.headers.get('content-type')?.startsWith('text/html')) {
    throw new Error(`test-kit: expected a file at ${url}, found status ${response.status}`);
  }
  return new Uint8Array(await response.arrayBuffer());
}

/*
 * The readers of the Node kit by the same names, as promises: a suite that awaits them runs in both places.
 */
export const readShared = async <T>(path: string): Promise<T> =>
  JSON.parse(new TextDecoder().decode(await bytes(sharedPath(path)))) as T;
export const readNpy = async (url: string): Promise<Npy> => parseNpy(await bytes(url), url);
export const readReferenceWav = async (url: string): Promise<Float32Array> => parseReferenceWav(await bytes(url));

/** A suite that needs the reference material: without the folder it is skipped, and its name says so. */
export function describeWithShared(path: string, name: string, body: () => void): void {
  if (root) describe(name, body);
  else describe.skip(`${name} (skipped: no reference data, looked for ${path} in GANSYNTH_REFERENCE_DATA)`, body);
}
