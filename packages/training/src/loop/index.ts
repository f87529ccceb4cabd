export { dataCursor, type ResumableSource } from './data-cursor.js';
export { DivergenceError, StateError, type Divergence } from './errors.js';
export type { EndEvent, LoopEvent, PhaseEvent, StepEvent } from './events.js';
export { runTraining, type RunOptions } from './run-training.js';
export type { Held, SavedTensors, Stateful, TensorAtRest } from './stateful.js';
export { trainStep, type TrainStepOptions } from './train-step.js';
export { TrainingProgress, type Numbers } from './training-progress.js';
export {
  checkManifest,
  restoreTask,
  snapshotOf,
  stateOf,
  type LiveTrainingState,
  type SavedTrainingState,
  type TrainingManifest,
  type TrainingState,
} from './training-state.js';
export { defineTask, type Phase, type StepContext, type StepResult, type TrainingTask } from './training-task.js';
