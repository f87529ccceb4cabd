import { replaceFile } from '@gansynth/common/node';

/** JSON, indented, with a newline at the end; a reader sees the old file or the new one, whole. */
export const writeJson = (path: string, value: unknown): Promise<void> =>
  replaceFile(path, `${JSON.stringify(value, null, 2)}\n`);
