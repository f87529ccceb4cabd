import { keepJsonLines, openJsonLines, readJsonLines } from '@gansynth/training/node';

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
  close(): void;
}

/**
 * Opens a run's log to go on from `done`: a half-written last line is dropped, and so is what was logged beyond the checkpoint that
 * the training goes on from.
 */
export async function openRunLog(path: string, done: number): Promise<RunLog> {
  await keepJsonLines(path, (line) => logLines([line]).some((one) => one.done <= done));
  const file = openJsonLines(path);
  return {
    write: (line) => file.write({ ...line, at: new Date().toISOString() }),
    close: () => file.close(),
  };
}

/** The whole lines of a log. */
export const readRunLog = (path: string): LogLine[] => logLines(readJsonLines(path));

const logLines = (lines: readonly unknown[]): LogLine[] => lines.map(present).filter(isLogLine);

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
