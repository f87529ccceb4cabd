import { createHash } from 'node:crypto';
import { existsSync } from 'node:fs';
import { cpus, platform, release, totalmem } from 'node:os';
import { packageVersion } from '../app/version.js';
import type { Loaded } from '../backend/names.js';
import { codeHash } from './code-hash.js';
import { has, readJsonOf } from './read-json-of.js';

/** What a session of a run was computed with: enough to explain a difference between two of them. */
export interface Environment {
  readonly gansynth: string;
  /** Short hash of the code; not there in runs of before it was kept. */
  readonly code?: string;
  readonly node: string;
  readonly system: string;
  readonly cpu: string;
  readonly cores: number;
  readonly memoryBytes: number;
  readonly backend: string;
  readonly backendDetail: string;
  /** ISO 8601 */
  readonly began: string;
  readonly command: string;
  /** Short hash of all of the above but the times: equal for sessions under equal conditions. */
  readonly fingerprint: string;
}

export function describeEnvironment(backend: Loaded): Environment {
  const fixed = {
    gansynth: packageVersion(),
    code: codeHash(),
    node: process.versions.node,
    system: `${platform()} ${release()} ${process.arch}`,
    cpu: cpus()[0]?.model.trim() ?? 'unknown',
    cores: cpus().length,
    memoryBytes: totalmem(),
    backend: backend.name,
    backendDetail: backend.detail,
  };
  const fingerprint = createHash('sha256').update(JSON.stringify(fixed)).digest('hex').slice(0, 12);
  return { ...fixed, began: new Date().toISOString(), command: `gansynth ${process.argv.slice(2).join(' ')}`, fingerprint };
}

/** `environment.json` */
export const areSessions = (value: unknown): value is Environment[] =>
  Array.isArray(value) && value.every((session) => has(session, 'backend', 'backendDetail', 'cpu', 'cores', 'began'));

/** What the sessions of a run were computed with, of a run whose `environment.json` is here; none where it is not. */
export const readSessions = (file: string): Environment[] => (existsSync(file) ? readJsonOf(file, areSessions) : []);

/** The backends and processors of a run's sessions, in words. */
export const computedBy = (sessions: readonly Environment[]): string =>
  [
    ...new Set(sessions.map(({ backend, backendDetail, cpu, cores }) => `${backend} (${backendDetail}) on ${cpu} x ${cores}`)),
  ].join('; ');
