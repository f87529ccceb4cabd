import type { OptionNames } from '@gansynth/common/check-options';
import { checkOptions } from '../check-options.js';
import {
  checkLearningRate,
  checkManifest,
  dataCursor,
  jsonField,
  learningRateAt,
  restoreTask,
  toJson,
  TrainableParameters,
  TrainingProgress,
  updateParameters,
  type AdamOptions,
  type Json,
  type LearningRate,
  type Phase,
  type SavedTrainingState,
  type StepContext,
  type StepResult,
  type TrainingTask,
} from '@gansynth/training';
import type * as tf from '@tensorflow/tfjs-core';
import { Variable } from '@tensorflow/tfjs-core';
import { checkedNumber } from '../note/audio.js';
import { createPitchClassifier, type PitchClassifier } from './classifier.js';
import { classifierAccuracy, classifierLoss } from './classifier-loss.js';
import { checkLabels } from './labels.js';
import { learns } from './network.js';
import type { ClassifierSettings } from './settings.js';
import type { ClassifierSource } from './source.js';

export interface ClassifierTaskOptions {
  readonly source: ClassifierSource;
  /** Number of batches to learn from. */
  readonly steps: number;
  /** Default 32. */
  readonly batchSize?: number;
  /** Default 1e-4 as the original, constant; a staircase for a schedule. */
  readonly learningRate?: LearningRate;
  /** Default beta1 0.5 as the original, beta2 0.999. */
  readonly optimiser?: Pick<AdamOptions, 'beta1' | 'beta2'>;
}

/** Their names, each once. */
export const classifierTaskOptionNames: OptionNames<ClassifierTaskOptions> = {
  source: true,
  steps: true,
  batchSize: true,
  learningRate: true,
  optimiser: true,
};

/** Mean over the batch: the sum of the heads' cross entropies, nats. */
export type ClassifierLosses = { readonly loss: number };

const who = 'ClassifierTask';

/**
 * The training of a pitch classifier, in place, by Adam on the sum of the heads' cross entropies: softmax over pitches, over families and over
 * sources, sigmoid over qualities. Run it by `runTraining` of `@gansynth/training`, save it by `stateOf`, go on with a saved one by
 * {@link resumeClassifierTask}. The classifier stays the caller's.
 */
export class ClassifierTask implements TrainingTask<ClassifierLosses> {
  static readonly kind = 'pitch-classifier';
  static readonly version = 1;
  readonly kind: string = ClassifierTask.kind;
  readonly version: number = ClassifierTask.version;
  readonly unit = 'notes';
  readonly phase: Phase = { index: 0, label: 'its only phase' };
  readonly progress: TrainingProgress = new TrainingProgress();
  readonly classifier: PitchClassifier;
  readonly total: number;
  readonly config: Json;
  readonly parts: TrainingTask['parts'];
  readonly #source: ClassifierSource;
  readonly #batchSize: number;
  readonly #learningRate: LearningRate;
  readonly #network: TrainableParameters;

  /** @throws ValueError or ArgumentError if an option cannot be right */
  constructor(classifier: PitchClassifier, options: ClassifierTaskOptions) {
    checkOptions('new ClassifierTask', options, classifierTaskOptionNames);
    const { source, steps, batchSize = 32, learningRate = 1e-4, optimiser: { beta1 = 0.5, beta2 = 0.999 } = {} } = options;
    checkedNumber(steps, 1, 1e9, who, 'steps');
    checkedNumber(batchSize, 2, 1e6, who, 'batchSize (batch norm needs two)');
    checkLearningRate(who, learningRate);
    const optimiser = { beta1, beta2 };
    this.classifier = classifier;
    this.total = steps * batchSize;
    this.config = toJson(who, { settings: classifier.settings, steps, batchSize, learningRate, optimiser });
    this.#source = source;
    this.#batchSize = batchSize;
    this.#learningRate = learningRate;
    // Batch norm's moving averages change as well, without the optimiser.
    const variables = classifier.model.weights.flatMap((weight) => {
      const variable = weight.read();
      const trained = classifier.model.trainableWeights.includes(weight) && learns(weight.originalName);
      return variable instanceof Variable ? [[weight.originalName, variable, trained] as const] : [];
    });
    this.#network = new TrainableParameters({ ...optimiser, learningRate: learningRateAt(learningRate, 0) }, variables);
    this.parts = { network: this.#network, data: dataCursor(source) };
  }

  async step(context: StepContext): Promise<StepResult<ClassifierLosses>> {
    const { settings, model } = this.classifier;
    const { signal } = context;
    const batchSize = this.#batchSize;
    const batch = await this.#source.next(batchSize, signal ? { signal } : {});
    try {
      checkLabels(batch, batchSize, settings, who);
      const learningRate = learningRateAt(this.#learningRate, this.progress.steps);
      // Batch norm looks at the whole batch: no micro-batches.
      const options = { name: 'classifier', batchSize, microBatchSize: null, learningRate };
      const { losses, gradientNorm } = await updateParameters(this.#network, options, context, () => {
        const [all] = model.apply(batch.inputs, { training: true }) as [tf.Tensor2D, tf.Tensor2D];
        return { total: classifierLoss(all, batch, settings), accuracy: classifierAccuracy(all, batch, settings) };
      });
      return {
        examples: batchSize,
        losses: { loss: losses.total },
        measures: { accuracy: losses.accuracy },
        gradientNorms: { classifier: gradientNorm },
      };
    } finally {
      batch.inputs.dispose();
    }
  }

  /** Frees what the optimiser remembers. Classifier and source are the caller's. */
  dispose(): void {
    this.#network.dispose();
  }
}

/**
 * Goes on with a saved training, bit for bit as if it had never stopped (on cpu and wasm). The tensors stay the caller's.
 *
 * @returns a task with a classifier of its own, `task.classifier`, which the caller frees
 * @throws StateError if the state is none, of another kind or a newer version, or lacks a tensor
 */
export async function resumeClassifierTask(
  state: SavedTrainingState,
  how: { readonly source: ClassifierSource },
): Promise<ClassifierTask> {
  checkOptions('resumeClassifierTask', how, { source: true });
  const { source } = how;
  checkManifest(state.manifest, ClassifierTask);
  const { settings, ...options } = jsonField(state.manifest, 'config') as SavedConfig;
  const classifier = createPitchClassifier(settings);
  let task: ClassifierTask | undefined;
  try {
    task = new ClassifierTask(classifier, { ...options, source });
    await restoreTask(task, state);
    return task;
  } catch (error) {
    task?.dispose();
    classifier.dispose();
    throw error;
  }
}

/** What {@link ClassifierTask} keeps as its config; classifier and task check it again. */
type SavedConfig = Omit<ClassifierTaskOptions, 'source'> & { readonly settings: ClassifierSettings };
