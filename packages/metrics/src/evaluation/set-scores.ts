import { TooFewExamplesError } from '../errors.js';
import { noteQuality, qualityStateOf } from '../note/note-quality.js';
import { diversity, type Diversity } from '../scores/diversity.js';
import { inceptionScore } from '../scores/inception-score.js';
import { pitchAccuracy } from '../scores/pitch-accuracy.js';
import { pitchEntropy } from '../scores/pitch-entropy.js';
import type { HeardNotes, SetScores } from './heard-notes.js';

/** What a set of notes scores by itself. */
export function setScoresOf({ features, logits, pitches, qualities, sampleRate, lowestPitch }: HeardNotes): SetScores {
  const classes = logits.shape[1];
  const accuracy = pitchAccuracy({ classes, lowestPitch });
  accuracy.update({ logits, pitches });
  const inception = inceptionScore({ classes });
  inception.update(logits);
  const entropy = pitchEntropy({ classes });
  entropy.update(logits);
  const quality = noteQuality({ sampleRate });
  const [count, columns] = qualities.shape;
  for (let note = 0; note < count; note++)
    quality.merge(qualityStateOf(qualities.data.subarray(note * columns, (note + 1) * columns), { sampleRate }));
  return {
    inceptionScore: inception.compute(),
    pitchAccuracy: accuracy.compute(),
    pitchEntropy: entropy.compute(),
    quality: quality.compute(),
    diversity: diversityOf({ features, pitches }),
  };
}

function diversityOf({ features, pitches }: Pick<HeardNotes, 'features' | 'pitches'>): Diversity | null {
  const spread = diversity({ dimensions: features.shape[1] });
  spread.update({ features, pitches });
  try {
    return spread.compute();
  } catch (error) {
    if (TooFewExamplesError.isInstance(error)) return null;
    throw error;
  }
}
