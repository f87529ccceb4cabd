import type { Phase, PhaseEvent, StepEvent } from '@gansynth/training';
import type { LossesShown } from '../families/family.js';
import type { Session } from './open-session.js';

type Numbers = StepEvent['losses'];

/** What a training leaves in the run's log and in TensorBoard's event file. */
export interface Record {
  phase(event: PhaseEvent): void;
  /** One step in ten, or as often as the recipe says. */
  step(event: StepEvent): void;
}

export function createRecord({ run, log, board }: Session): Record {
  let last = -1;
  return {
    phase({ done, phase: { index, ...details } }) {
      log.write({ type: 'stage', done, stage: index, ...details });
    },
    step(event) {
      const every = run.recipe.saving.logEveryImages ?? 10 * event.examples;
      const part = Math.floor(event.done / every);
      if (part === last) return;
      last = part;
      log.write(logged(event));
      board.write({ type: 'scalars', step: event.done, values: scalars(event) });
    },
  };
}

/** `stage 3  G 0.52  D -1.30  12.5 images/s`; what a network has no loss of is left out. */
export const describeStep = ({ phase, losses, examplesPerSecond, unit }: StepEvent, line: LossesShown['line']): string =>
  [
    `stage ${phase.index}`,
    ...line.flatMap(([loss, label]) => {
      const value = losses[loss];
      return value === undefined ? [] : [`${label} ${rounded(value)}`];
    }),
    `${examplesPerSecond.toFixed(1)} ${unit}/s`,
  ].join('  ');

/** Two digits, and four of what is nearly nothing: an L1 loss is a few hundredths. */
const rounded = (value: number): string => value.toFixed(value !== 0 && Math.abs(value) < 0.1 ? 4 : 2);

const logged = ({
  type,
  done,
  step,
  phase,
  examples,
  losses,
  measures,
  gradientNorms,
  examplesPerSecond,
  memory,
}: StepEvent) => ({
  type,
  done,
  step,
  stage: phase.index,
  ...shareOf(phase),
  batchSize: examples,
  losses,
  ...(Object.keys(measures).length === 0 ? {} : { measures }),
  gradientNorms,
  examplesPerSecond,
  memory,
});

/** How far a stage has come, where it changes on its way. */
const shareOf = (phase: Phase): { progress?: number } =>
  'progress' in phase && typeof phase.progress === 'number' ? { progress: phase.progress } : {};

/** Curves as TensorBoard groups them. */
const scalars = ({ losses, measures, gradientNorms, phase, examplesPerSecond, unit, memory }: StepEvent) => ({
  ...grouped('loss', losses),
  ...grouped('measure', measures),
  ...grouped('gradient norm', gradientNorms),
  ...grouped('schedule', shareOf(phase)),
  [`speed/${unit} per second`]: examplesPerSecond,
  'memory/bytes': memory.bytes,
});

const grouped = (group: string, numbers: Numbers): { [name: string]: number } =>
  Object.fromEntries(
    Object.entries(numbers).flatMap(([name, value]) => (value === undefined ? [] : [[`${group}/${name}`, value]])),
  );
