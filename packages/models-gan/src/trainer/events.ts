import type { Size } from '../config.js';
import type { Stage } from '../schedule/stages.js';

/** Where a training stands. */
export interface TrainingPosition {
  /** Real images shown to the critic so far. */
  readonly images: number;
  /** Iterations (one generator and one critic update each) made so far. */
  readonly steps: number;
  readonly stage: Stage;
  readonly progress: number;
  /** True when the schedule's last image has been seen. */
  readonly finished: boolean;
}

/** Loss terms of one iteration, unweighted except the totals. */
export interface StepLosses {
  readonly generator: number;
  readonly generatorWasserstein: number;
  readonly generatorPitch: number;
  /** Only with an `l1Weight`. */
  readonly generatorL1?: number;
  readonly critic: number;
  readonly criticWasserstein: number;
  readonly criticPitch: number;
  /** 0 in the steps that `penaltyEvery` leaves out. */
  readonly penalty: number;
  readonly drift: number;
}

/** A new stage begins: networks have grown or a transition starts. */
export interface StageEvent {
  readonly type: 'stage';
  readonly images: number;
  readonly stage: Stage;
  /** Image size that is trained in this stage. */
  readonly size: Size;
}

/** One iteration is done. */
export interface StepEvent {
  readonly type: 'step';
  readonly step: number;
  /** Images seen, this step's included. */
  readonly images: number;
  readonly totalImages: number;
  readonly stage: number;
  readonly blocks: number;
  /** Progress this step was made at. */
  readonly progress: number;
  readonly batchSize: number;
  readonly losses: StepLosses;
  readonly gradientNorms: { readonly generator: number; readonly critic: number };
  readonly milliseconds: number;
  readonly imagesPerSecond: number;
  /** Tensors alive and their bytes after the step. */
  readonly memory: { readonly tensors: number; readonly bytes: number };
}

/** The run is over. */
export interface EndEvent {
  readonly type: 'end';
  /** `complete`: the schedule is done; `aborted`: the signal fired; `limit`: the steps asked for are done. */
  readonly reason: 'complete' | 'aborted' | 'limit';
  readonly images: number;
  readonly steps: number;
}

export type TrainerEvent = StageEvent | StepEvent | EndEvent;
