import type { OptionNames } from '@gansynth/common/check-options';
import { checkOptions } from '../check-options.js';
import { TooFewExamplesError } from '../errors.js';
import { checkedCount } from '../note/audio.js';
import { breathe } from '@gansynth/common/breathe';
import { type PitchAccuracy, pitchAccuracy } from '../scores/pitch-accuracy.js';
import { rowsOf } from '../numeric/rows.js';
import type { PitchClassifier } from './classifier.js';
import { stackInputs } from './input.js';
import type { ClassifierExample } from './source.js';

export interface ClassifierEvaluationOptions {
  /** Examples that go through the network at once. Default 64. */
  readonly batchSize?: number;
  readonly signal?: AbortSignal;
}

/** Their names, each once. */
export const classifierEvaluationOptionNames: OptionNames<ClassifierEvaluationOptions> = { batchSize: true, signal: true };

/**
 * How well a classifier hears examples it has not learnt from: strict accuracy, within a semitone, and who was taken for whom. Keep it beside the
 * weights: `classifier.save(target, { heldOut })`.
 */
export async function evaluatePitchClassifier(
  classifier: PitchClassifier,
  examples: Iterable<ClassifierExample> | AsyncIterable<ClassifierExample>,
  options: ClassifierEvaluationOptions = {},
): Promise<PitchAccuracy> {
  checkOptions('evaluatePitchClassifier', options, classifierEvaluationOptionNames);
  const { batchSize = 64, signal } = options;
  checkedCount(batchSize, 1, 1e5, 'evaluatePitchClassifier', 'batchSize');
  const { input, outputs, lowestPitch } = classifier.settings;
  const accuracy = pitchAccuracy({ classes: outputs.pitches, lowestPitch });
  const evaluate = async (batch: readonly ClassifierExample[]): Promise<void> => {
    await breathe(signal);
    const inputs = stackInputs(
      batch.map((example) => example.input),
      input,
    );
    const { logits, features } = classifier.classifyInputs(inputs);
    inputs.dispose();
    features.dispose();
    const rows = await rowsOf(logits);
    logits.dispose();
    accuracy.update({ logits: rows, pitches: batch.map(({ pitch }) => pitch) });
  };
  let batch: ClassifierExample[] = [];
  let count = 0;
  for await (const example of examples) {
    batch.push(example);
    count++;
    if (batch.length === batchSize) {
      await evaluate(batch);
      batch = [];
    }
  }
  if (count === 0) throw new TooFewExamplesError('evaluatePitchClassifier: expected at least 1 example, found none.', 0, 1);
  if (batch.length > 0) await evaluate(batch);
  return accuracy.compute();
}
