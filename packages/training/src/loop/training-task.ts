import type { ReduceGradients } from '../parameters/gradient-sum.js';
import type { Json } from '../json.js';
import type { Stateful } from './stateful.js';
import type { Numbers, TrainingProgress } from './training-progress.js';

/** A part of a schedule: a stage of growth, for example. A task without phases has one. */
export interface Phase {
  /** Its number; another number is another phase. */
  readonly index: number;
  /** For people: `stage 3 (16 x 64)`. */
  readonly label: string;
}

/** What the loop gives a step. */
export interface StepContext {
  readonly signal?: AbortSignal;
  /**
   * Lets timers and events run; throws the signal's reason once it is aborted. To be awaited between the parts of a step that takes long:
   * `updateParameters` does so before each micro-batch.
   */
  breathe(): Promise<void>;
  /** Refuses the step if a loss is not finite or beyond the task's limit, or a norm not finite. @throws DivergenceError */
  check(losses: Numbers, norms: Numbers): void;
  /** Adds up gradients over processes; see {@link ReduceGradients}. */
  readonly reduceGradients?: ReduceGradients;
}

/** What a step has done. */
export interface StepResult<Losses extends Numbers> {
  /** Examples learnt from. */
  readonly examples: number;
  /** Loss terms by name, means over the batch. */
  readonly losses: Losses;
  /** What else was measured, by name: accuracy, for example. */
  readonly measures?: Numbers;
  /** Euclidean norms of the gradients, by what they belong to. */
  readonly gradientNorms: Numbers;
}

/**
 * Something that can be trained: named parts that can be saved, and a step. Everything else is the loop's: `runTraining` lets events
 * through, aborts, puts everything back after a failed step, checks for divergence, counts and measures.
 */
export interface TrainingTask<Losses extends Numbers = Numbers, ItsPhase extends Phase = Phase> {
  /** What is trained: `progressive-gan`, `wavegan`. A saved state of another kind is refused. */
  readonly kind: string;
  /** Of the layout of its saved parts. */
  readonly version: number;
  /** Everything that defines it besides its data, as JSON: a resumed task is built from this. */
  readonly config: Json;
  /** What is counted. */
  readonly unit: 'images' | 'clips' | 'notes';
  /** Examples after which the training is over. */
  readonly total: number;
  readonly progress: TrainingProgress;
  /** The phase of the step that is due, or of the last when all are done. */
  readonly phase: ItsPhase;
  /** Restored in this order. */
  readonly parts: Readonly<Record<string, Stateful>>;
  /** A loss beyond this counts as divergence. Default: only what is not finite. */
  readonly divergenceLimit?: number;
  /** Makes ready for the step that is due: a new stage's variables. Not undone when the step fails; called any number of times. */
  prepare?(): void;
  /** One step. It may fail at any point: the loop puts back all parts. */
  step(context: StepContext): Promise<StepResult<Losses>>;
  /** Frees the task's tensors. */
  dispose(): void;
}

/** A task as it is: for literals, whose methods then know the types of their arguments. */
export const defineTask = <Losses extends Numbers, ItsPhase extends Phase>(
  task: TrainingTask<Losses, ItsPhase>,
): TrainingTask<Losses, ItsPhase> => task;
