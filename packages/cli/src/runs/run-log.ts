import { appendFileSync, existsSync, mkdirSync, readFileSync } from 'node:fs';
import { dirname } from 'node:path';
import { writeAtomically } from './atomic.js';

/** One line of a run's log. */
export interface LogLine {
  readonly type: 'session' | 'stage' | 'step' | 'checkpoint' | 'samples' | 'end';
  /** ISO 8601 */
  readonly at: string;
  /** Images seen in training. */
  readonly images: number;
  readonly [field: string]: unknown;
}

/** A log that survives crashes: whole lines only, and nothing of what a resumed training does again. */
export interface RunLog {
  write(line: Omit<LogLine, 'at'>): void;
}

/**
 * Opens a run's log to go on from `images`: a half-written last line is dropped, and so is what was logged beyond the checkpoint that
 * the training goes on from.
 */
export function openRunLog(path: string, images: number): RunLog {
  mkdirSync(dirname(path), { recursive: true });
  if (existsSync(path)) {
    const text = readRunLog(path)
      .filter((line) => line.images <= images)
      .map((line) => `${JSON.stringify(line)}\n`)
      .join('');
    if (text !== readFileSync(path, 'utf8')) writeAtomically(path, text);
  }
  return {
    write(line) {
      appendFileSync(path, `${JSON.stringify({ ...line, at: new Date().toISOString() })}\n`);
    },
  };
}

/** The whole lines of a log. */
export function readRunLog(path: string): LogLine[] {
  if (!existsSync(path)) return [];
  return readFileSync(path, 'utf8')
    .split('\n')
    .flatMap((text) => {
      const line = parsed(text);
      return isLogLine(line) ? [line] : [];
    });
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

const isLogLine = (line: unknown): line is LogLine =>
  typeof line === 'object' &&
  line !== null &&
  'type' in line &&
  typeof line.type === 'string' &&
  'images' in line &&
  typeof line.images === 'number';
