import type { OptionNames } from '@gansynth/common/check-options';
import { checkOptions } from '../check-options.js';
import { runTraining, type StepEvent } from '@gansynth/training';
import type { PitchClassifier } from './classifier.js';
import { ClassifierTask, type ClassifierLosses, type ClassifierTaskOptions } from './classifier-task.js';

export interface ClassifierTrainingOptions extends ClassifierTaskOptions {
  readonly signal?: AbortSignal;
  /** Told of each step; `measures.accuracy` is the share of the batch whose pitch was right. */
  readonly onEvent?: (event: StepEvent<ClassifierLosses>) => void;
}

/** Their names, each once. */
export const classifierTrainingOptionNames: OptionNames<ClassifierTrainingOptions> = {
  signal: true,
  onEvent: true,
  source: true,
  steps: true,
  batchSize: true,
  microBatchSize: true,
  learningRate: true,
  optimiser: true,
};

/**
 * Trains a classifier in place from beginning to end; see {@link ClassifierTask} for one that can be saved on the way.
 *
 * @throws ValueError if a label is outside its head; DivergenceError if the loss is no number any more (then the learning rate is too high)
 * @throws the signal's reason if aborted; the weights are then, as after any error, those of the last whole step
 */
export async function trainPitchClassifier(classifier: PitchClassifier, options: ClassifierTrainingOptions): Promise<void> {
  checkOptions('trainPitchClassifier', options, classifierTrainingOptionNames);
  const { signal, onEvent, ...settings } = options;
  const task = new ClassifierTask(classifier, settings);
  try {
    for await (const event of runTraining(task, signal ? { signal } : {})) if (event.type === 'step') onEvent?.(event);
    signal?.throwIfAborted();
  } finally {
    task.dispose();
  }
}
