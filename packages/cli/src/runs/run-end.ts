import type { EndEvent } from '@gansynth/training';

/** What ended a session, as the run's log says it: the end of the schedule, of the recipe's hours, of this session's time, or a request. */
export type RunEnd = EndEvent['reason'] | 'hours';

/** Whether a run is finished that has ended so: a recipe's schedule and its hours are both its end, whichever is sooner. */
export const finishes = (reason: unknown): boolean => reason === 'complete' || reason === 'hours';
