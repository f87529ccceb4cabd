import type { MicroBatch } from '@gansynth/training';
import * as tf from '@tensorflow/tfjs-core';
import { MetricsError, ValueError } from '../errors.js';
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

/** Some notes of a batch: new inputs, and their labels. */
export function partOfBatch({ inputs, ...labels }: ClassifierBatch, { start, size }: MicroBatch): ClassifierBatch {
  const notes = inputs.shape[0];
  const part = (values: ArrayLike<number>): number[] => {
    const each = values.length / notes;
    return Array.from({ length: size * each }, (_, index) => values[start * each + index]!);
  };
  const { pitches, families, sources, qualities } = labels;
  return {
    inputs: tf.slice4d(inputs, [start, 0, 0, 0], [size, -1, -1, -1]),
    pitches: part(pitches),
    ...(families && { families: part(families) }),
    ...(sources && { sources: part(sources) }),
    ...(qualities && { qualities: part(qualities) }),
  };
}

/** @throws ValueError if a label is outside its head */
export function checkLabels(
  batch: ClassifierBatch,
  batchSize: number,
  { outputs, lowestPitch }: ClassifierSettings,
  who: string,
): void {
  if (batch.inputs.shape[0] !== batchSize)
    throw new MetricsError(`${who}: expected a batch of ${batchSize} notes, found ${batch.inputs.shape[0]}.`);
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
      const value = values[i]!;
      if (!(Number.isInteger(value) && value >= lowest && value < lowest + limit)) {
        throw new ValueError(
          `${who}: expected ${labels} in [${lowest}, ${lowest + limit - 1}], found ${value}. Leave such notes out, or widen the classifier's outputs.`,
          value,
        );
      }
    }
  }
}
