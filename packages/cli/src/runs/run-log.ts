import { appendFileSync, existsSync, mkdirSync, readFileSync } from 'node:fs';
import { dirname } from 'node:path';
import { writeAtomically } from './atomic.js';

/** One line of a run's log. */
export interface LogLine {
  readonly type: 'session' | 'stage' | 'step' | 'checkpoint' | 'samples' | 'end';
  /** ISO 8601 */
  readonly at: string;
  /** Examples learnt from: images, clips. */
  readonly done: number;
  readonly [field: string]: unknown;
}

/** A log that survives crashes: whole lines only, and nothing of what a resumed training does again. */
export interface RunLog {
  write(line: Omit<LogLine, 'at'>): void;
}

/**
 * Opens a run's log to go on from `done`: a half-written last line is dropped, and so is what was logged beyond the checkpoint that
 * the training goes on from.
 */
export function openRunLog(path: string, done: number): RunLog {
  mkdirSync(dirname(path), { recursive: true });
  if (existsSync(path)) {
    const text = readRunLog(path)
      .filter((line) => line.done <= done)
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
      const line = present(parsed(text));
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

/** A line as it is written today: logs once counted in `images`, whatever was trained. */
function present(line: unknown): unknown {
  if (typeof line !== 'object' || line === null || 'done' in line || !('images' in line)) return line;
  const { images, ...rest } = line;
  return { ...rest, done: images };
}

const isLogLine = (line: unknown): line is LogLine =>
  typeof line === 'object' &&
  line !== null &&
  'type' in line &&
  typeof line.type === 'string' &&
  'done' in line &&
  typeof line.done === 'number';
