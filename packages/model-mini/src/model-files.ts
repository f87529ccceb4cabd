/** Bytes [start, start + length) of a file. */
export interface ByteRange {
  readonly start: number;
  readonly length: number;
}

/** The files of a model, as `loadModel` and `layersModelFiles` of `@gansynth/models-gan` read them. */
export interface ModelFiles {
  /** Names of the files. */
  list(): Promise<readonly string[]>;
  /** Bytes of a file, or of a part of it. @throws RangeError for a file that the model has not */
  read(path: string, range?: ByteRange): Promise<Uint8Array>;
}

/** Where the files lie: `file:` in Node, elsewhere what a bundler made of them. Written out, so that bundlers find them. */
const urls: ReadonlyMap<string, URL> = new Map([
  ['gansynth.json', new URL('../model/gansynth.json', import.meta.url)],
  ['model.json', new URL('../model/model.json', import.meta.url)],
  ['group1-shard1of1.bin', new URL('../model/group1-shard1of1.bin', import.meta.url)],
]);

export function filesFrom(load: (url: URL) => Promise<Uint8Array>): ModelFiles {
  return {
    list: async () => [...urls.keys()],
    read: async (path, range) => {
      const url = urls.get(path);
      if (url === undefined) {
        throw new RangeError(`model-mini: expected one of ${[...urls.keys()].join(', ')}, found ${JSON.stringify(path)}.`);
      }
      const bytes = await load(url);
      return range === undefined ? bytes : bytes.subarray(range.start, range.start + range.length);
    },
  };
}
