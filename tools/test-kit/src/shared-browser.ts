import { describe, it } from 'vitest';
import { fetchBytes } from './fetch-bytes.js';
import { parseNpy, type Npy } from './npy.js';
import { parseReferenceWav } from './wav.js';

/** Folder of the reference material on the disk; the configuration of the browser projects sets it, and lets the test server read there. */
const root = (import.meta as { env?: Record<string, string | undefined> }).env?.['GANSYNTH_REFERENCE_DATA'] ?? '';

const here = import.meta.url;

/** Address at which the test server hands out a file of the reference material. */
export const sharedPath = (path: string): string => `/@fs${root}${root.endsWith('/') ? '' : '/'}${path}`;

/*
 * The readers of the Node kit by the same names, as promises: a suite that awaits them runs in both places.
 */
export const readShared = async <T>(path: string): Promise<T> =>
  JSON.parse(new TextDecoder().decode(await fetchBytes(sharedPath(path)))) as T;
export const readNpy = async (url: string): Promise<Npy> => parseNpy(await fetchBytes(url), url);
export const readReferenceWav = async (url: string): Promise<Float32Array> => parseReferenceWav(await fetchBytes(url));
export const readNote = (id: string): Promise<Float32Array> => readReferenceWav(new URL(`../notes/audio/${id}.wav`, here).href);

/** A suite that needs genuine NSynth recordings: without them one skipped test stands for it and says so. */
export function describeWithGenuineNSynth(name: string, body: () => void): void {
  if (root) describe(`${name} (genuine NSynth)`, body);
  else it.skip(`${name} (skipped: needs genuine NSynth recordings, named by GANSYNTH_REFERENCE_DATA)`, () => {});
}
