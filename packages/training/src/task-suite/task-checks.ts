import { referenceRun, type ReferenceRun } from './reference-run.js';
import { failureChecks } from './failure-checks.js';
import { processChecks } from './process-checks.js';
import { resumeChecks } from './resume-checks.js';
import { runChecks } from './run-checks.js';
import type { TaskSubject } from './subject.js';

/** One thing that every training task must do. */
export interface TaskCheck {
  /** A sentence. */
  readonly name: string;
  /** Rejects if it does not. */
  run(): Promise<void>;
}

/** A check, given a run that nothing went wrong with. */
export interface UnboundCheck {
  readonly name: string;
  run(subject: TaskSubject, reference: ReferenceRun): Promise<void>;
}

/**
 * What every training task must do, to be run by any test framework: `for (const { name, run } of taskChecks(subject)) it(name, run)`. Stopped
 * and resumed it ends in the same weights bit for bit; it ends within a step of an abort; a failed step leaves no trace; and so on.
 *
 * The backend is the one that is set when they run; it must be the same for all.
 */
export function taskChecks(subject: TaskSubject): readonly TaskCheck[] {
  let reference: Promise<ReferenceRun> | undefined;
  return [...runChecks, ...resumeChecks(subject), ...failureChecks(subject), ...processChecks(subject)].map(({ name, run }) => ({
    name,
    run: async () => run(subject, await (reference ??= referenceRun(subject))),
  }));
}
