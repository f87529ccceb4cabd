/** Bytes [start, start + length) of a file. */
export interface ByteRange {
  readonly start: number;
  readonly length: number;
}

/** The files of a model, as `loadModel` and `layersModelFiles` of `@gansynth/models-gan` read them. */
export interface ModelFiles {
  readonly name: string;
  /** Names of the files. */
  list(): Promise<readonly string[]>;
  /** Bytes of a file, or of a part of it. @throws RangeError for a file that the model has not */
  read(path: string, range?: ByteRange): Promise<Uint8Array>;
}

const names: readonly string[] = [
  'gansynth.json',
  'model.json',
  'group1-shard1of4.bin',
  'group1-shard2of4.bin',
  'group1-shard3of4.bin',
  'group1-shard4of4.bin',
];

/** @param load one of the files */
export const filesFrom = (load: (name: string) => Promise<Uint8Array>): ModelFiles => ({
  name: '@gansynth/model-mini',
  list: async () => names,
  read: async (path, range) => {
    if (!names.includes(path))
      throw new RangeError(`model-mini: expected one of ${names.join(', ')}, found ${JSON.stringify(path)}.`);
    const bytes = await load(path);
    return range === undefined ? bytes : bytes.subarray(range.start, range.start + range.length);
  },
});
