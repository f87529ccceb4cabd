import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { replaceFile } from '@gansynth/common/node';
import { parseJson } from '@gansynth/common/json';
import { UsageError } from '../app/errors.js';
import { canonicalJson } from '../recipes/canonical.js';
import type { Share } from './share.js';

/** Where shares say that they were begun, and done. */
const folderName = '.shares';

interface Marker {
  /** Hash of everything that decides what the whole work gives. */
  readonly work: string;
  /** Present when the share is done: its files. */
  readonly files?: readonly string[];
}

/** Hash of what decides the result of an undivided work: settings and numbers. */
export function hashOfWork(settings: unknown, numbers: readonly Float32Array[]): string {
  const hash = createHash('sha256').update(canonicalJson(settings));
  for (const values of numbers) hash.update(new Uint8Array(Float32Array.from(values).buffer));
  return hash.digest('hex');
}

/** What stands in the way of, or spares, a share that is about to begin. */
export interface OpenShare {
  /** Files of the share if it was done before and they are all there: nothing is left to do. */
  readonly files: readonly string[] | undefined;
  /** Says that it is done. */
  done(files: readonly string[]): Promise<void>;
}

const isTexts = (value: unknown): value is string[] => Array.isArray(value) && value.every((item) => typeof item === 'string');

function read(path: string): Marker | undefined {
  try {
    const found = parseJson(readFileSync(path, 'utf8'));
    if (typeof found !== 'object' || found === null || !('work' in found) || typeof found.work !== 'string') return undefined;
    return 'files' in found && isTexts(found.files) ? { work: found.work, files: found.files } : { work: found.work };
  } catch {
    return undefined;
  }
}

/**
 * Begins a share in the folder that it writes to, and leaves a marker there, so that two divisions of one work, or two works, do not mix unnoticed.
 *
 * @param work hash of everything that decides what the undivided work gives
 * @throws UsageError if the folder holds shares of another division, or of another work
 */
export async function openShare(folder: string, { index, of }: Share, work: string): Promise<OpenShare> {
  const markers = join(folder, folderName);
  mkdirSync(markers, { recursive: true });
  for (const name of readdirSync(markers)) {
    const match = /^(\d+)-of-(\d+)\.json$/.exec(name);
    const marker = match && read(join(markers, name));
    if (!match || !marker) continue;
    const cure = `Write to another folder, or remove ${markers} if what it tells of is to be overwritten.`;
    if (Number(match[2]) !== of) {
      throw new UsageError(`${folder}: expected shares of ${of}, found share ${match[1]} of ${match[2]} there. ${cure}`, name);
    }
    if (marker.work !== work) {
      throw new UsageError(
        `${folder}: expected shares of the same work, found share ${match[1]} of another one (other options, or another model). ${cure}`,
        name,
      );
    }
  }
  const path = join(markers, `${index}-of-${of}.json`);
  const { files } = read(path) ?? {};
  const write = (marker: Marker): Promise<void> => replaceFile(path, JSON.stringify(marker));
  const isWhole = files?.every((file) => existsSync(file)) ?? false;
  if (!isWhole) await write({ work });
  return { files: isWhole ? files : undefined, done: (made) => write({ work, files: made }) };
}
