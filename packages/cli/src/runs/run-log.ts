import { appendFileSync, closeSync, existsSync, ftruncateSync, mkdirSync, openSync, readFileSync, writeSync } from 'node:fs';
import { dirname } from 'node:path';

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
    const kept = readRunLog(path).filter((line) => line.images <= images);
    const file = openSync(path, 'r+');
    try {
      const text = kept.map((line) => `${JSON.stringify(line)}\n`).join('');
      ftruncateSync(file, 0);
      writeSync(file, text, 0);
    } finally {
      closeSync(file);
    }
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
    .flatMap((line) => {
      try {
        return line === '' ? [] : [JSON.parse(line) as LogLine];
      } catch {
        return [];
      }
    });
}
