import { ArgumentError } from '../errors.js';

/** One rate, or a staircase of rates: from step `from` (0-based) on, `rate`. Plain JSON, so that a resumed training has it too. */
export type LearningRate = number | readonly { readonly from: number; readonly rate: number }[];

/** The rate of a step, counted from 0. */
export function learningRateAt(schedule: LearningRate, step: number): number {
  if (typeof schedule === 'number') return schedule;
  return schedule.reduce((rate, stair) => (stair.from <= step ? stair.rate : rate), Number.NaN);
}

/** @throws ArgumentError if a rate is not finite or negative, or the staircase does not start at step 0 and ascend */
export function checkLearningRate(where: string, schedule: LearningRate): void {
  const stairs = typeof schedule === 'number' ? [{ from: 0, rate: schedule }] : schedule;
  const sound = stairs.every(
    ({ from, rate }, index) =>
      Number.isFinite(rate) &&
      rate >= 0 &&
      Number.isInteger(from) &&
      (index === 0 ? from === 0 : from > (stairs[index - 1]?.from ?? from)),
  );
  if (sound && stairs.length > 0) return;
  throw new ArgumentError(
    where,
    `expected a finite learning rate of at least 0, or a list of { from, rate } whose steps ascend from 0, found ${JSON.stringify(schedule)}.`,
    schedule,
  );
}
