import {
  adam,
  type AdamOptions,
  disposeAdamState,
  lossAndGradients,
  type RandomStreamState,
  randomStream,
} from '@gansynth/training';
import * as tf from '@tensorflow/tfjs-core';
import { checkedNumber } from '../note/audio.js';
import { MetricsError, TooFewExamplesError, ValueError } from '../errors.js';
import type { PitchClassifier } from './classifier.js';
import { stackInputs } from './input.js';
import { learns } from './network.js';
import type { ClassifierOutputs, ClassifierSettings } from './settings.js';

/** Labels of a batch; heads without labels are not trained. */
export interface ClassifierLabels {
  /** MIDI pitches. */
  readonly pitches: ArrayLike<number>;
  /** NSynth's instrument_family, 0 .. 10. */
  readonly families?: ArrayLike<number>;
  /** NSynth's instrument_source, 0 .. 2. */
  readonly sources?: ArrayLike<number>;
  /** NSynth's qualities, 0 or 1, ten for each note, one note after another. */
  readonly qualities?: ArrayLike<number>;
}

export interface ClassifierBatch extends ClassifierLabels {
  /** [notes, frequencies, frames, 1], from `classifierInputs`. The trainer frees it. */
  readonly inputs: tf.Tensor4D;
}

/** Where a trainer gets its notes from. */
export interface ClassifierSource {
  next(batchSize: number): Promise<ClassifierBatch>;
}

/** An input made earlier by `classifierInput`, and its labels. */
export interface ClassifierExample {
  readonly input: Float32Array;
  readonly pitch: number;
  readonly family?: number;
  readonly source?: number;
  readonly qualities?: ArrayLike<number>;
}

/** Examples in memory in an order drawn anew for each pass. */
export function classifierSource(
  examples: readonly ClassifierExample[],
  settings: ClassifierSettings,
  { seed = 0 }: { readonly seed?: number } = {},
): ClassifierSource & { state(): { readonly order: RandomStreamState; readonly position: number } } {
  if (examples.length === 0) throw new TooFewExamplesError('classifierSource: expected at least 1 example, found none.', 0, 1);
  const stream = randomStream(seed, 'classifier-order');
  let before = stream.state;
  let order = stream.permutation(examples.length);
  let position = 0;
  const draw = (): ClassifierExample => {
    if (position === order.length) {
      before = stream.state;
      order = stream.permutation(examples.length);
      position = 0;
    }
    return examples[order[position++] as number] as ClassifierExample;
  };
  return {
    next: (batchSize) => {
      const batch = Array.from({ length: batchSize }, draw);
      return Promise.resolve({
        inputs: stackInputs(
          batch.map(({ input }) => input),
          settings.input,
        ),
        pitches: batch.map(({ pitch }) => pitch),
        ...(batch.every(({ family }) => family !== undefined) && { families: batch.map(({ family }) => family as number) }),
        ...(batch.every(({ source }) => source !== undefined) && { sources: batch.map(({ source }) => source as number) }),
        ...(batch.every(({ qualities }) => qualities !== undefined) && {
          qualities: batch.flatMap(({ qualities }) => Array.from(qualities as ArrayLike<number>)),
        }),
      });
    },
    state: () => ({ order: before, position }),
  };
}

/** Something that happened while training. */
export interface ClassifierTrainingEvent {
  readonly kind: 'step';
  readonly step: number;
  readonly steps: number;
  /** Mean loss over this batch: the sum of the heads' cross entropies, nats. */
  readonly loss: number;
  /** Share of the batch whose pitch was right. */
  readonly accuracy: number;
}

export interface ClassifierTrainingOptions {
  readonly source: ClassifierSource;
  /** Number of batches to learn from. */
  readonly steps: number;
  /** Default 32. */
  readonly batchSize?: number;
  /** Default 1e-4 as the original, constant; a function of the step (from 0) for a schedule. */
  readonly learningRate?: number | ((step: number) => number);
  /** Default beta1 0.5 as the original, beta2 0.999. */
  readonly optimiser?: Pick<AdamOptions, 'beta1' | 'beta2'>;
  readonly signal?: AbortSignal;
  readonly onEvent?: (event: ClassifierTrainingEvent) => void;
}

/**
 * Trains a classifier in place by Adam on the sum of the heads' cross entropies: softmax over pitches, over families and over sources, sigmoid
 * over qualities.
 *
 * @throws ValueError if a label is outside its head or the loss is no number any more (then the learning rate is too high)
 * @throws the signal's reason if aborted; the weights are then those of the last whole step
 */
export async function trainPitchClassifier(
  classifier: PitchClassifier,
  {
    source,
    steps,
    batchSize = 32,
    learningRate = 1e-4,
    optimiser: { beta1 = 0.5, beta2 = 0.999 } = {},
    signal,
    onEvent,
  }: ClassifierTrainingOptions,
): Promise<void> {
  const who = 'trainPitchClassifier';
  checkedNumber(steps, 1, 1e9, who, 'steps');
  checkedNumber(batchSize, 2, 1e6, who, 'batchSize (batch norm needs two)');
  const weights = classifier.model.trainableWeights
    .filter(({ originalName }) => learns(originalName))
    .map((weight) => weight.read() as tf.Variable);
  const optimiser = adam({ learningRate: 0, beta1, beta2, epsilonPosition: 'tf1' });
  const state = optimiser.init(weights);
  const { settings, model } = classifier;
  try {
    for (let step = 0; step < steps; step++) {
      signal?.throwIfAborted();
      const batch = await source.next(batchSize);
      try {
        checkLabels(batch, settings, who);
        const made = tf.tidy((): tf.Tensor[] => {
          let logits: tf.Tensor | undefined;
          const { loss, gradients } = lossAndGradients(() => {
            const [all] = model.apply(batch.inputs, { training: true }) as [tf.Tensor2D, tf.Tensor2D];
            logits = tf.keep(tf.argMax(tf.slice2d(all, [0, 0], [-1, settings.outputs.pitches]), 1));
            return classifierLoss(all, batch, settings);
          }, weights);
          return [
            loss,
            logits as tf.Tensor,
            ...gradients.map((gradient, i) => gradient ?? tf.zerosLike(weights[i] as tf.Tensor)),
          ];
        });
        try {
          const [loss, predicted, ...gradients] = made as [tf.Tensor, tf.Tensor, ...tf.Tensor[]];
          const value = (await loss.data())[0] as number;
          if (!Number.isFinite(value)) {
            throw new ValueError(
              `${who}: expected a finite loss, found ${value} at step ${step}. The weights are those before that step; lower the learning rate.`,
              value,
            );
          }
          optimiser.update(state, weights, gradients, typeof learningRate === 'number' ? learningRate : learningRate(step));
          if (onEvent) {
            const classes = Array.from(await predicted.data());
            const right = classes.filter((c, i) => c + settings.lowestPitch === batch.pitches[i]).length;
            onEvent({ kind: 'step', step: step + 1, steps, loss: value, accuracy: right / classes.length });
          }
        } finally {
          tf.dispose(made);
        }
      } finally {
        batch.inputs.dispose();
      }
    }
  } finally {
    disposeAdamState(state);
  }
}

function classifierLoss(all: tf.Tensor2D, labels: ClassifierLabels, { outputs, lowestPitch }: ClassifierSettings): tf.Scalar {
  const { pitches, qualities, families } = outputs;
  const head = (from: number, size: number): tf.Tensor2D => tf.slice2d(all, [0, from], [-1, size]);
  let loss: tf.Scalar = softmaxLoss(
    head(0, pitches),
    Int32Array.from(labels.pitches, (pitch) => pitch - lowestPitch),
  );
  if (qualities > 0 && labels.qualities) {
    const truth = tf.tensor2d(Float32Array.from(labels.qualities), [all.shape[0], qualities]);
    const x = head(pitches, qualities);
    // max(x, 0) - x t + ln(1 + exp(-|x|)): sigmoid cross entropy that does not overflow
    const each = tf.add(tf.sub(tf.relu(x), tf.mul(x, truth)), tf.log1p(tf.exp(tf.neg(tf.abs(x)))));
    loss = tf.add<tf.Scalar>(loss, tf.mean<tf.Scalar>(each));
  }
  if (families > 0 && labels.families) {
    loss = tf.add<tf.Scalar>(loss, softmaxLoss(head(pitches + qualities, families), Int32Array.from(labels.families)));
  }
  if (outputs.sources > 0 && labels.sources) {
    loss = tf.add<tf.Scalar>(
      loss,
      softmaxLoss(head(pitches + qualities + families, outputs.sources), Int32Array.from(labels.sources)),
    );
  }
  return loss;
}

const softmaxLoss = (logits: tf.Tensor2D, classes: Int32Array): tf.Scalar =>
  tf.neg<tf.Scalar>(
    tf.mean<tf.Scalar>(tf.sum(tf.mul(tf.logSoftmax(logits), tf.oneHot(tf.tensor1d(classes, 'int32'), logits.shape[1])), 1)),
  );

function checkLabels(batch: ClassifierBatch, { outputs, lowestPitch }: ClassifierSettings, who: string): void {
  const heads: [keyof ClassifierLabels, keyof ClassifierOutputs, number, number][] = [
    ['pitches', 'pitches', lowestPitch, 1],
    ['families', 'families', 0, 1],
    ['sources', 'sources', 0, 1],
    ['qualities', 'qualities', 0, outputs.qualities],
  ];
  for (const [labels, size, lowest, each] of heads) {
    const values = batch[labels];
    if (!values || outputs[size] === 0) continue;
    if (values.length !== batch.inputs.shape[0] * each) {
      throw new MetricsError(`${who}: expected ${batch.inputs.shape[0] * each} ${labels} in a batch, found ${values.length}.`);
    }
    const limit = labels === 'qualities' ? 2 : outputs[size];
    for (let i = 0; i < values.length; i++) {
      const value = values[i] as number;
      if (!(Number.isInteger(value) && value >= lowest && value < lowest + limit)) {
        throw new ValueError(
          `${who}: expected ${labels} in [${lowest}, ${lowest + limit - 1}], found ${value}. Leave such notes out, or widen the classifier's outputs.`,
          value,
        );
      }
    }
  }
}
