import { replaceFile } from '@gansynth/common/node';
import type { Result } from '../app/command.js';

/** Writes a figure, and says where it is. @param data what else `--json` tells */
export async function saveFigure(out: string, svg: string, data: object = {}): Promise<Result> {
  await replaceFile(out, svg);
  return { data: { file: out, ...data }, text: out };
}
