import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { packageRoot } from '../app/package-root.js';

/** All that the page of a listening test knows: no model, and no right answer. */
export interface PageData {
  /** Id of the test. */
  readonly test: string;
  /** Ids of pairs, for each listener in the order to be played. */
  readonly sheets: readonly (readonly string[])[];
  /** For each pair its two sounds, below the page. */
  readonly pairs: Readonly<Record<string, readonly [first: string, second: string]>>;
}

const asset = (name: string): string => readFileSync(join(packageRoot(), 'listening-page', name), 'utf8');

/** The page that plays a listening test: one file besides the sounds, opened from disk or served. */
export function listeningPage(data: PageData): string {
  // Nothing in it ends the element early.
  const json = JSON.stringify(data).replaceAll('<', '\\u003c');
  return asset('page.html')
    .replace('/* style */', () => asset('style.css'))
    .replace('/* data */', () => json)
    .replace('/* script */', () => asset('page.js').replaceAll('</script', String.raw`<\/script`));
}
