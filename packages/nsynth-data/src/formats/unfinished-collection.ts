import { createReadStream } from 'node:fs';
import { rm } from 'node:fs/promises';
import { basename } from 'node:path';
import { createInterface } from 'node:readline';
import { leftBehind } from '../files/temporary-file.js';

const keyLine = /^ {4}("(?:[^"\\]|\\.)*"): \{$/;

/** Names of the notes in a listing as `writeJsonWav` writes it, whole or broken off. */
async function* idsIn(listing: string): AsyncGenerator<string> {
  for await (const line of createInterface({ input: createReadStream(listing, 'utf8'), crlfDelay: Infinity })) {
    const [, key] = keyLine.exec(line) ?? [];
    if (key === undefined) continue;
    const id: unknown = JSON.parse(key);
    if (typeof id === 'string' && id !== '' && basename(id) === id) yield id;
  }
}

/** Removes what writers that were killed left of the collection `listing` was to list: their sounds, then their own listing. */
export async function removeUnfinished(listing: string, soundOf: (id: string) => string): Promise<void> {
  for (const left of await leftBehind(listing)) {
    for await (const id of idsIn(left)) await rm(soundOf(id), { force: true });
    await rm(left, { force: true });
  }
}
