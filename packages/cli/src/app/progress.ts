import type { Writable } from 'node:stream';

export interface Step {
  /** How far it is, in the units of `total`, and what is worth seeing besides: losses, a file name. */
  update(done: number, detail?: string): void;
  /** A line that stays, above the bar. */
  note(line: string): void;
  /** Closes the bar; says how long it took. */
  finish(detail?: string): void;
}

export interface StartOptions {
  /** What was done before, in the units of `total`: this time has not been spent on it. */
  readonly from?: number;
  /** Seconds after which it is stopped, done or not. */
  readonly limitSeconds?: number;
}

export interface Progress {
  start(label: string, total?: number, options?: StartOptions): Step;
  note(line: string): void;
}

export interface ProgressOptions {
  readonly stream: Writable & { readonly isTTY?: boolean; readonly columns?: number };
  /** Bars on a terminal, a line now and then elsewhere, or nothing. */
  readonly style: 'bar' | 'lines' | 'none';
  /** Milliseconds between lines where there is no terminal. */
  readonly every?: number;
  readonly now?: () => number;
}

/** Speed changes on the way, so the time that is left follows from the last two minutes. */
const windowMilliseconds = 120_000;

/** 75 -> "1m15s" */
export function duration(seconds: number): string {
  if (!Number.isFinite(seconds)) return '?';
  const whole = Math.round(seconds);
  if (whole < 60) return `${whole}s`;
  const minutes = Math.floor(whole / 60);
  if (minutes < 60) return `${minutes}m${String(whole % 60).padStart(2, '0')}s`;
  return `${Math.floor(minutes / 60)}h${String(minutes % 60).padStart(2, '0')}m`;
}

const silent: Progress = { start: () => ({ update() {}, note() {}, finish() {} }), note() {} };

/** Shows how far something is: a bar that redraws itself on a terminal, plain lines in a log. */
export function createProgress({ stream, style, every = 10_000, now = Date.now }: ProgressOptions): Progress {
  if (style === 'none') return silent;
  const bar = style === 'bar';
  const write = (line: string): void => void stream.write(bar ? `\r\u001B[2K${line}\n` : `${line}\n`);

  return {
    note: write,
    start(label, total, { from = 0, limitSeconds = Number.POSITIVE_INFINITY } = {}) {
      const began = now();
      const recent = [{ at: began, done: from }];
      const secondsLeft = (done: number, whole: number): number => {
        while (recent.length > 1 && (recent[1]?.at ?? 0) < now() - windowMilliseconds) recent.shift();
        const first = recent[0] ?? { at: began, done: from };
        recent.push({ at: now(), done });
        const perSecond = ((done - first.done) / (now() - first.at)) * 1000;
        return Math.max(0, Math.min((whole - done) / perSecond, limitSeconds - (now() - began) / 1000));
      };
      let shown = bar ? Number.NEGATIVE_INFINITY : began;
      let last = '';
      const line = (done: number, detail = ''): string => {
        const parts = [label];
        if (total !== undefined) {
          const part = total > 0 ? Math.min(1, done / total) : 1;
          if (bar) parts.push(`${'█'.repeat(Math.round(part * 24))}${'░'.repeat(24 - Math.round(part * 24))}`);
          parts.push(`${Math.floor(part * 100)}%`);
          if (done > from && part < 1) parts.push(`${duration(secondsLeft(done, total))} left`);
        } else if (done > 0) parts.push(String(done));
        if (detail) parts.push(detail);
        return parts.join('  ');
      };
      return {
        update(done, detail) {
          last = line(done, detail);
          if (now() - shown < (bar ? 80 : every)) return;
          shown = now();
          stream.write(bar ? `\r\u001B[2K${last.slice(0, (stream.columns ?? 80) - 1)}` : `${last}\n`);
        },
        note(text) {
          write(text);
          if (bar && last) stream.write(last.slice(0, (stream.columns ?? 80) - 1));
        },
        finish(detail) {
          const parts = [`${label}: done in ${duration((now() - began) / 1000)}`];
          if (detail) parts.push(detail);
          write(parts.join(', '));
        },
      };
    },
  };
}
