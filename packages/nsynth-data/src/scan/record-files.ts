import type { Share } from '@gansynth/common/node';

/** True if a file of this name holds TFRecords: one file or a shard, compressed or not; hidden files are not meant. */
export const isRecordsName = (name: string): boolean => /\.tfrecords?(-\d+-of-\d+)?(\.gz)?$/.test(name) && !name.startsWith('.');

/** Name of one shard of a file, as in `nsynth-train.tfrecord-00000-of-00002`; of a whole one its own. */
export const shardName = (name: string, { index, of }: Share): string =>
  of === 1 ? name : `${name}-${String(index).padStart(5, '0')}-of-${String(of).padStart(5, '0')}`;

interface Division {
  readonly name: (shard: number) => string;
  readonly total: number;
  readonly found: Set<number>;
}

const listed = 3;

/**
 * What is missing where names count the shards of a whole, as in `nsynth-train.tfrecord-00000-of-00002`.
 *
 * @param names of all files that lie together
 * @returns one reason for each whole that is not complete
 */
export function missingShards(names: readonly string[]): { readonly name: string; readonly reason: string }[] {
  const divisions = new Map<string, Division>();
  for (const name of names) {
    const [, before, digits = '', totalDigits = '', after] = /^(.*-)(\d+)-of-(\d+)(.*)$/.exec(name) ?? [];
    if (before === undefined) continue;
    const key = JSON.stringify([before, totalDigits, after]);
    const division = divisions.get(key) ?? {
      name: (shard) => `${before}${String(shard).padStart(digits.length, '0')}-of-${totalDigits}${after}`,
      total: Number(totalDigits),
      found: new Set<number>(),
    };
    division.found.add(Number(digits));
    divisions.set(key, division);
  }
  return [...divisions.values()].flatMap(({ name, total, found }) => {
    const beyond = [...found].find((shard) => shard >= total);
    if (beyond !== undefined)
      return [{ name: name(beyond), reason: `expected shards numbered from 0 to ${total - 1}, found number ${beyond}` }];
    if (found.size === total) return [];
    const missing: string[] = [];
    for (let shard = 0; shard < total && missing.length < listed; shard++) if (!found.has(shard)) missing.push(name(shard));
    const more = total - found.size > missing.length ? ` and ${total - found.size - missing.length} more` : '';
    const isOne = total - found.size === 1;
    const reason = `expected ${total} shards, found ${found.size}: ${missing.join(', ')}${more} ${isOne ? 'is' : 'are'} missing. Fetch ${isOne ? 'it' : 'them'}, or name the files you want one by one`;
    return [{ name: name(Math.min(...found)), reason }];
  });
}
