import type { OptionNames } from '@gansynth/common/check-options';
import { checkOptions } from '../check-options.js';
import {
  checkLearningRate,
  checkManifest,
  dataCursor,
  jsonField,
  learningRateAt,
  microBatches,
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
import { checkedCount, checkedNumber } from '../note/audio.js';
import { createPitchClassifier, type PitchClassifier } from './classifier.js';
import { classifierAccuracy, classifierLoss } from './classifier-loss.js';
import { checkLabels, partOfBatch } from './labels.js';
import { learns } from './network.js';
import { runningStatistics, type RunningStatistics } from './running-statistics.js';
import type { ClassifierSettings } from './settings.js';
import type { ClassifierSource } from './source.js';

export interface ClassifierTaskOptions {
  readonly source: ClassifierSource;
  /** Number of batches to learn from. */
  readonly steps: number;
  /** Default 32. */
  readonly batchSize?: number;
  /**
   * Notes computed at a time, at least 2. Batch norm looks at these alone, and its running statistics learn the mean over them. Default: the whole
   * batch, as the original. Several processes each compute their share of the micro-batches.
   */
  readonly microBatchSize?: number;
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
  microBatchSize: true,
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
  readonly #microBatchSize: number | null;
  readonly #learningRate: LearningRate;
  readonly #network: TrainableParameters;
  readonly #running: RunningStatistics;

  /** @throws ValueError or ArgumentError if an option cannot be right */
  constructor(classifier: PitchClassifier, options: ClassifierTaskOptions) {
    checkOptions('new ClassifierTask', options, classifierTaskOptionNames);
    const {
      source,
      steps,
      batchSize = 32,
      microBatchSize,
      learningRate = 1e-4,
      optimiser: { beta1 = 0.5, beta2 = 0.999 } = {},
    } = options;
    checkedCount(steps, 1, 1e9, who, 'steps');
    checkedCount(batchSize, 2, 1e6, who, 'batchSize (batch norm needs two)');
    if (microBatchSize !== undefined) checkMicroBatches(batchSize, microBatchSize);
    checkLearningRate(who, learningRate);
    const optimiser = { beta1, beta2 };
    this.classifier = classifier;
    this.total = steps * batchSize;
    this.config = toJson(who, {
      settings: classifier.settings,
      steps,
      batchSize,
      ...(microBatchSize === undefined ? {} : { microBatchSize }),
      learningRate,
      optimiser,
    });
    this.#source = source;
    this.#batchSize = batchSize;
    this.#microBatchSize = microBatchSize ?? null;
    this.#learningRate = learningRate;
    // Batch norm's moving averages change as well, without the optimiser.
    const variables = classifier.model.weights.flatMap((weight) => {
      const variable = weight.read();
      const trained = classifier.model.trainableWeights.includes(weight) && learns(weight.originalName);
      return variable instanceof Variable ? [[weight.originalName, variable, trained] as const] : [];
    });
    this.#network = new TrainableParameters({ ...optimiser, learningRate: learningRateAt(learningRate, 0) }, variables);
    this.#running = runningStatistics(variables.flatMap(([, variable, trained]) => (trained ? [] : [variable])));
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
      const options = { name: 'classifier', batchSize, microBatchSize: this.#microBatchSize, learningRate };
      const isWhole = microBatches(batchSize, this.#microBatchSize).length === 1;
      const { losses, gradientNorm } = await updateParameters(this.#network, options, context, (part) => {
        const { inputs, ...labels } = isWhole ? batch : partOfBatch(batch, part);
        const apply = (): tf.Tensor2D => (model.apply(inputs, { training: true }) as [tf.Tensor2D, tf.Tensor2D])[0];
        const all = isWhole ? apply() : this.#running.during(part.size, apply);
        return { total: classifierLoss(all, labels, settings), accuracy: classifierAccuracy(all, labels, settings) };
      });
      if (!isWhole) await this.#running.learn(context);
      return {
        examples: batchSize,
        losses: { loss: losses.total },
        measures: { accuracy: losses.accuracy },
        gradientNorms: { classifier: gradientNorm },
      };
    } finally {
      batch.inputs.dispose();
      this.#running.forget();
    }
  }

  /** Frees what the optimiser remembers. Classifier and source are the caller's. */
  dispose(): void {
    this.#network.dispose();
  }
}

function checkMicroBatches(batchSize: number, microBatchSize: number): void {
  checkedCount(microBatchSize, 2, 1e6, who, 'microBatchSize (batch norm needs two)');
  const smallest = Math.min(...microBatches(batchSize, microBatchSize).map(({ size }) => size));
  checkedNumber(smallest, 2, 1e6, who, `the smallest micro-batch of batchSize ${batchSize} and microBatchSize ${microBatchSize}`);
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
