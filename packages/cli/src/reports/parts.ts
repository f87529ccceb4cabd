import { existsSync } from 'node:fs';
import { basename } from 'node:path';
import type { Evaluation } from '../pipeline/evaluation.js';
import { readJson } from '../recipes/library.js';
import { has } from '../runs/read-json-of.js';

/** The parts of a page about a run. One that is damaged is left out and told of; the others are shown. */
export interface Parts {
  /** What is missing in the page, and why. */
  readonly leftOut: readonly string[];
  /** A JSON file, if it is there and what it should be. */
  read<Value>(path: string, isValue: (value: unknown) => value is Value): Value | undefined;
  /** HTML, or a word that it could not be made. */
  render(what: string, make: () => string): string;
}

const firstLine = (error: unknown): string => String(error instanceof Error ? error.message : error).split('\n', 1)[0] ?? '';

export function createParts(): Parts {
  const leftOut: string[] = [];
  return {
    leftOut,
    read(path, isValue) {
      if (!existsSync(path)) return undefined;
      try {
        const value = readJson(path);
        if (isValue(value)) return value;
        leftOut.push(`${path}: expected what gansynth writes into ${basename(path)}, found other JSON.`);
      } catch (error) {
        leftOut.push(firstLine(error));
      }
      return undefined;
    },
    render(what, make) {
      try {
        return make();
      } catch (error) {
        leftOut.push(`${what}: left out, because part of it is damaged: ${firstLine(error)}`);
        return '<p>Left out: part of it is damaged.</p>';
      }
    },
  };
}

/** `scores.json` */
export const isEvaluation = (value: unknown): value is Evaluation =>
  has(value, 'kind', 'format', 'trained', 'classifier') && value.kind === 'gansynth-evaluation' && value.format === 1;
