import { noteQuality, qualityStateOf } from '../note/note-quality.js';
import type { AccumulatorState } from '../scores/accumulator.js';
import { frechetDistance } from '../scores/frechet-distance.js';
import { inceptionScore } from '../scores/inception-score.js';
import { binAssigner, type NdbBins } from '../scores/ndb/bins.js';
import { ndb } from '../scores/ndb/ndb.js';
import { pitchAccuracy } from '../scores/pitch-accuracy.js';
import { pitchEntropy } from '../scores/pitch-entropy.js';
import type { HeardNotes, NoteRows } from './heard-notes.js';
import type { ScoreChosen } from './resample.js';

/** What of the scores does not depend on the notes that are chosen. */
export interface ChosenFrom {
  readonly made: HeardNotes;
  readonly bins: NdbBins;
  /** Of the Fréchet distance and NDB, with the reference notes. */
  readonly reference: { readonly frechetDistance: AccumulatorState; readonly ndb: AccumulatorState };
}

/** Scores chosen notes of a set, from what is known of each. */
export function scoreChosenOf({ made, bins, reference }: ChosenFrom): ScoreChosen {
  const { features, logits, pitches, qualities, sampleRate, lowestPitch } = made;
  const classes = logits.shape[1];
  const binOf = binAssigner(bins)(made.spectrograms);
  const dimensions = features.shape[1];
  const fields = qualities.shape[1];
  return (chosen) => {
    const frechet = frechetDistance({ dimensions, bias: false }, reference.frechetDistance);
    frechet.update({ generated: chooseRows(features, chosen) });
    const rows = chooseRows(logits, chosen);
    const inception = inceptionScore({ classes });
    inception.update(rows);
    const accuracy = pitchAccuracy({ classes, lowestPitch });
    accuracy.update({ logits: rows, pitches: Array.from(chosen, (note) => pitches[note]!) });
    const entropy = pitchEntropy({ classes });
    entropy.update(rows);
    const quality = noteQuality({ sampleRate });
    for (const note of chosen)
      quality.merge(qualityStateOf(qualities.data.subarray(note * fields, (note + 1) * fields), { sampleRate }));
    const { within50Cents, harmonicEnergy, lastingRepetition } = quality.compute();
    return {
      ndbOverK: ndb({ bins }, countChosen(reference.ndb, binOf, chosen)).compute().ndbOverK,
      frechetDistance: frechet.compute().distance,
      inceptionScore: inception.compute().score,
      pitchAccuracy: accuracy.compute().strict,
      pitchEntropy: entropy.compute().entropy,
      within50Cents,
      harmonicEnergy,
      lastingRepetition,
    };
  };
}

/** Rows chosen by their numbers. */
function chooseRows({ data, shape: [, columns] }: NoteRows, chosen: Int32Array): NoteRows {
  const rows = new Float32Array(chosen.length * columns);
  for (const [to, from] of chosen.entries()) for (let i = 0; i < columns; i++) rows[to * columns + i] = data[from * columns + i]!;
  return { data: rows, shape: [chosen.length, columns] };
}

/** A state of NDB in which the generated notes are those chosen. */
function countChosen(state: AccumulatorState, bins: Int32Array, chosen: Int32Array): AccumulatorState {
  const generated = (state.sums['generated'] as readonly number[]).map(() => 0);
  for (const note of chosen) generated[bins[note]!]!++;
  return { ...state, sums: { ...state.sums, generated } };
}
