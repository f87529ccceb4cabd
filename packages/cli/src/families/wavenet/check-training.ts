import type { Say } from '../family.js';
import { checkMicroBatch } from '../micro-batch.js';
import type { WaveNetTrainingRecipe } from './fields.js';

/** Conditioning and notes that a training has to fit. */
interface Fits {
  /** Of a note. */
  readonly samples: number;
  readonly hop: { readonly field: string; readonly samples: number };
}

/** Says what contradicts itself in the training of any WaveNet. */
export function checkTraining(training: WaveNetTrainingRecipe, { samples, hop }: Fits, say: Say): void {
  const { cropSamples, leadSamples = 0, learningRate } = training;
  if (cropSamples > samples) {
    say('training.cropSamples', `found ${cropSamples}: notes have ${samples} samples (data.samples).`);
  }
  if (cropSamples % hop.samples !== 0) {
    const hops = Math.min(Math.round(cropSamples / hop.samples), Math.floor(samples / hop.samples));
    const nearest = Math.max(1, hops) * hop.samples;
    say(
      'training.cropSamples',
      `found ${cropSamples}: not a multiple of ${hop.field}, ${hop.samples}. The nearest that is: ${nearest}.`,
    );
  }
  if (leadSamples >= cropSamples) {
    say(
      'training.leadSamples',
      `found ${leadSamples}: of pieces of ${cropSamples} samples (training.cropSamples) nothing would be judged.`,
    );
  }
  if (Array.isArray(learningRate)) {
    const unordered = learningRate.findIndex(({ from }, i) =>
      i === 0 ? from !== 0 : from <= (learningRate[i - 1]?.from ?? from),
    );
    if (unordered >= 0) say(`training.learningRate[${unordered}].from`, 'expected steps that begin at 0 and rise.');
  }
  checkMicroBatch(training, say);
}
