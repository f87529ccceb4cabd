import type { Numbers } from './training-progress.js';
import type { Phase, TrainingTask } from './training-task.js';

/** A phase begins, or a run goes on in the middle of one. */
export interface PhaseEvent<ItsPhase extends Phase = Phase> {
  readonly type: 'phase';
  readonly done: number;
  readonly steps: number;
  readonly phase: ItsPhase;
}

/** One step is done. */
export interface StepEvent<Losses extends Numbers = Numbers, ItsPhase extends Phase = Phase> {
  readonly type: 'step';
  /** Steps made, this one included. */
  readonly step: number;
  /** Examples learnt from, this step's included; of `total`. */
  readonly done: number;
  readonly total: number;
  readonly unit: TrainingTask['unit'];
  /** Examples of this step. */
  readonly examples: number;
  /** As it was when the step was made. */
  readonly phase: ItsPhase;
  readonly losses: Losses;
  /** What else was measured, by name; empty for most tasks. */
  readonly measures: Numbers;
  readonly gradientNorms: Numbers;
  readonly milliseconds: number;
  readonly examplesPerSecond: number;
  /** Tensors alive and their bytes after the step. */
  readonly memory: { readonly tensors: number; readonly bytes: number };
}

/** The run is over. */
export interface EndEvent {
  readonly type: 'end';
  /** `complete`: the schedule is done; `aborted`: the signal fired; `limit`: the steps asked for are done. */
  readonly reason: 'complete' | 'aborted' | 'limit';
  readonly done: number;
  readonly steps: number;
}

/** What a training reports. */
export type LoopEvent<Losses extends Numbers = Numbers, ItsPhase extends Phase = Phase> =
  | PhaseEvent<ItsPhase>
  | StepEvent<Losses, ItsPhase>
  | EndEvent;
