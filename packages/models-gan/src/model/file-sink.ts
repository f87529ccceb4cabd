/** Where the files of a model go: a folder (`@gansynth/models-gan/node`), memory, or anything that can do this. */
export interface FileSink {
  /** Writes all files, or none of them if something fails. */
  write(files: Readonly<Record<string, Uint8Array>>): Promise<void>;
}
