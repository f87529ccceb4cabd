/** Letters and digits of every script, in lower case; all else is an underscore. */
export const plainName = (text: string): string =>
  text
    .normalize('NFC')
    .toLowerCase()
    .normalize('NFC')
    .replace(/[^\p{L}\p{M}\p{N}]+/gu, '_')
    .replace(/^_+|_+$/g, '');

/** File systems hold names of 255 bytes; pitch, velocity, take and extension follow. */
const longestBytes = 160;
const bytesOf = (text: string): number => Buffer.byteLength(text);

/** The end of a path that fits: what is nearest to the sounds tells instruments apart. */
function fitting(parts: readonly string[]): string {
  let name = '';
  for (const part of parts.toReversed()) {
    const longer = name === '' ? part : `${part}_${name}`;
    if (name !== '' && bytesOf(longer) > longestBytes) break;
    name = longer;
  }
  while (bytesOf(name) > longestBytes) name = name.replace(/.$/su, '');
  return name;
}

/** Names and numbers of instruments: one for each key, and never one name for two. */
export class InstrumentNames {
  readonly #names = new Map<string, { readonly name: string; readonly number: number }>();
  readonly #taken = new Set<string>();

  /**
   * @param key what makes it one instrument: a folder, or a name somebody gave
   * @param parts of its name, as in a path
   */
  of(key: string, parts: readonly string[]): { readonly name: string; readonly number: number } {
    const known = this.#names.get(key);
    if (known !== undefined) return known;
    const base = fitting(parts.map(plainName).filter((part) => part !== '')) || 'instrument';
    let name = base;
    for (let copy = 2; this.#taken.has(name); copy++) name = `${base}_${copy}`;
    const made = { name, number: this.#names.size };
    this.#names.set(key, made);
    this.#taken.add(name);
    return made;
  }
}
