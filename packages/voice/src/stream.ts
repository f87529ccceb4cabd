/**
 * What takes a while, as it comes or when it is whole: `for await (const note of stream)`, or `await stream`.
 *
 * Nothing is computed before it is asked for. Each loop computes anew; waiting more than once does not.
 */
export class Stream<Item, Whole> implements AsyncIterable<Item>, PromiseLike<Whole> {
  readonly #items: () => AsyncGenerator<Item, void, undefined>;
  readonly #make: (items: AsyncIterable<Item>) => Promise<Whole>;
  #whole: Promise<Whole> | undefined;

  /**
   * @param items the parts, from the first
   * @param make the whole of them
   */
  constructor(items: () => AsyncGenerator<Item, void, undefined>, make: (items: AsyncIterable<Item>) => Promise<Whole>) {
    this.#items = items;
    this.#make = make;
  }

  [Symbol.asyncIterator](): AsyncGenerator<Item, void, undefined> {
    return this.#items();
  }

  // oxlint-disable-next-line unicorn/no-thenable -- so that `await voice.notes(...)` is all a user who wants the whole has to write
  then<Kept = Whole, Refused = never>(
    kept?: ((whole: Whole) => Kept | PromiseLike<Kept>) | null,
    refused?: ((reason: unknown) => Refused | PromiseLike<Refused>) | null,
  ): Promise<Kept | Refused> {
    this.#whole ??= this.#make(this);
    return this.#whole.then(kept, refused);
  }
}

/** All items of a stream, in their order. */
export async function collect<Item>(items: AsyncIterable<Item>): Promise<Item[]> {
  const all: Item[] = [];
  for await (const item of items) all.push(item);
  return all;
}
