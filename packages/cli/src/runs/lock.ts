import { systemCodeOf } from '@gansynth/common/errors';
import { setTimeout as sleep } from 'node:timers/promises';
import { linkSync, mkdirSync, readFileSync, renameSync, rmSync, statSync, utimesSync, writeFileSync } from 'node:fs';
import { hostname } from 'node:os';
import { dirname, join } from 'node:path';
import { BusyError } from '../app/errors.js';
import { isAlive, namingFile } from '@gansynth/common/node';
import { scheduledJob, type ScheduledJob } from './scheduled-job.js';

interface Holder {
  readonly pid: number;
  readonly host: string;
  /** Start of the process as the system counts it: tells a process from a later one with the same number. */
  readonly started: string;
  readonly since: string;
  readonly command: string;
  /** Of a scheduler, where there is one. */
  readonly scheduled?: ScheduledJob;
}

export interface Lock {
  release(): void;
}

const beatMilliseconds = 20_000;
/** Without a heartbeat for this long, a lock of another machine counts as left behind. */
const deadMilliseconds = 15 * 60_000;

interface ProcessStatus {
  /** R, S, D ...; Z for a process that has ended and that its parent has not noticed yet. */
  readonly state: string;
  readonly started: string;
}

/** What the system tells of a process (Linux: fields 3 and 22 of its stat); empty where it tells nothing. */
function statusOf(pid: number): ProcessStatus {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
    // The second field, the name in parentheses, may hold blanks.
    const [state = '', ...rest] = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
    return { state, started: rest[18] ?? '' };
  } catch {
    return { state: '', started: '' };
  }
}

function read(path: string): Holder | undefined {
  try {
    const holder = JSON.parse(readFileSync(path, 'utf8')) as Partial<Holder>;
    return typeof holder.pid === 'number' && typeof holder.host === 'string' ? (holder as Holder) : undefined;
  } catch {
    return undefined;
  }
}

function isHeld(holder: Holder | undefined, path: string): boolean {
  let age: number;
  try {
    age = Date.now() - statSync(path).mtimeMs;
  } catch {
    return false;
  }
  // Half-written by a process that is just taking it, unless it stays so.
  if (holder === undefined) return age < 5000;
  if (isEarlierStart(holder.scheduled, scheduledJob())) return false;
  if (holder.host !== hostname()) return age < deadMilliseconds;
  const { state, started } = statusOf(holder.pid);
  return isAlive(holder.pid) && state !== 'Z' && (holder.started === '' || started === holder.started);
}

/** A scheduler starts a job again only when all that it had started before is gone, with its machine or without. */
const isEarlierStart = (before: ScheduledJob | undefined, now: ScheduledJob | undefined): boolean =>
  before?.job !== undefined && before.job === now?.job && before.restarts < now.restarts;

/**
 * Takes a folder for this process alone. A lock left by a killed process is taken over.
 *
 * @throws BusyError naming the process that has it
 */
export function lockFolder(folder: string): Lock {
  mkdirSync(folder, { recursive: true });
  return lockBy(join(folder, 'lock.json'), folder);
}

const waitMilliseconds = 500;

/**
 * Waits until nobody else has a piece of work that is done once for all, then takes it: whoever has waited finds it done, and looks first.
 *
 * @param path file that says who has it; its folder is made
 * @param onWait is told once who is waited for
 */
export async function waitForTurn(path: string, signal: AbortSignal, onWait: (who: string) => void): Promise<Lock> {
  mkdirSync(dirname(path), { recursive: true });
  for (let waited = false; ; waited = true) {
    try {
      return lockBy(path, path);
    } catch (error) {
      if (!BusyError.isInstance(error)) throw error;
      if (!waited) onWait(nameOf(read(path)));
    }
    await sleep(waitMilliseconds, undefined, { signal });
  }
}

/** @param what is locked, for the message */
function lockBy(path: string, what: string): Lock {
  const scheduled = scheduledJob();
  const mine: Holder = {
    pid: process.pid,
    host: hostname(),
    started: statusOf(process.pid).started,
    since: new Date().toISOString(),
    command: process.argv.slice(2).join(' '),
    ...(scheduled === undefined ? {} : { scheduled }),
  };
  for (let attempt = 0; ; attempt++) {
    try {
      createWhole(path, `${JSON.stringify(mine, null, 2)}\n`);
      break;
    } catch (error) {
      if (systemCodeOf(error) !== 'EEXIST') throw error;
    }
    const holder = read(path);
    if (isHeld(holder, path) || attempt > 3) throw new BusyError(busy(what, path, holder), holder);
    // Only one of several takers wins the rename of what was left behind.
    const left = `${path}.${process.pid}.stale`;
    try {
      renameSync(path, left);
      rmSync(left, { force: true });
    } catch {
      continue;
    }
  }
  const beat = setInterval(() => {
    try {
      utimesSync(path, new Date(), new Date());
    } catch {
      // A folder that has gone will be noticed by whoever writes into it.
    }
  }, beatMilliseconds);
  beat.unref();
  return {
    release() {
      clearInterval(beat);
      if (read(path)?.pid === process.pid) rmSync(path, { force: true });
    },
  };
}

/**
 * Makes a file that must not be there yet: whole or, on a full disk, not at all.
 *
 * @throws the system's error; EEXIST if it is there
 */
function createWhole(path: string, text: string): void {
  const temporary = `${path}.${process.pid}.tmp`;
  try {
    writeFileSync(temporary, text);
    linkSync(temporary, path);
  } catch (error) {
    // Some file systems have no links: there the name is taken first.
    if (!['EPERM', 'ENOTSUP', 'ENOSYS', 'EOPNOTSUPP'].includes(systemCodeOf(error) ?? '')) throw namingFile(error, path);
    writeFileSync(path, text, { flag: 'wx' });
  } finally {
    rmSync(temporary, { force: true });
  }
}

const nameOf = (holder: Holder | undefined): string =>
  holder
    ? `process ${holder.pid} on ${holder.host} (gansynth ${holder.command}), since ${holder.since}`
    : 'a process that is just starting';

const busy = (what: string, path: string, holder: Holder | undefined): string =>
  `${what}: expected nobody at work on this run, found ${nameOf(holder)}. Wait for it, stop it, or, if it is long gone, delete ${path}.`;
