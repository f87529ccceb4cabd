import type { ClassifierPlan } from '../pipeline/classifier.js';
import { triedForMini, type Attempt } from './tried.js';

export const scaleNames = ['smoke', 'mini', 'paper'] as const;

export type ScaleName = (typeof scaleNames)[number];

/** Parts of the work that a scheduler may give to different jobs, in this order. */
export const stageNames = ['prepare', 'train', 'score'] as const;

export type StageName = (typeof stageNames)[number];

/** How large the comparison is made. */
export interface Scale {
  readonly name: ScaleName;
  /** Folder of its recipes. */
  readonly recipes: string;
  /** Where its notes come from if nobody names others. */
  readonly notes: 'demo' | 'soundfont' | 'given';
  readonly classifier: Pick<ClassifierPlan, 'kind' | 'steps'>;
  /** How often scores are computed again from notes drawn anew, for intervals. */
  readonly resamples: number;
  /** Asks to be told that it is meant. */
  readonly costly: boolean;
  readonly caption: string;
  /** What was tried before its recipes were what they are. */
  readonly tried: readonly Attempt[];
}

export const scales: Readonly<Record<ScaleName, Scale>> = {
  smoke: {
    name: 'smoke',
    recipes: 'smoke-paper',
    notes: 'demo',
    classifier: { kind: 'small', steps: 60 },
    resamples: 8,
    costly: false,
    caption:
      'Every row was trained for seconds, and is compared with the notes it was trained on: this shows that all of it runs. The scores say nothing about the models.',
    tried: [],
  },
  mini: {
    name: 'mini',
    recipes: 'mini-paper',
    notes: 'soundfont',
    classifier: { kind: 'small', steps: 1500 },
    resamples: 200,
    costly: false,
    caption:
      "Images as fine in frequency as the paper's, half as fine in time, and an eighth as wide. Every row had the same arithmetic to learn with.",
    tried: triedForMini,
  },
  paper: {
    name: 'paper',
    recipes: 'paper',
    notes: 'given',
    classifier: { kind: 'original', steps: 100_000 },
    resamples: 100,
    costly: true,
    caption: 'The recipes of the paper at full size.',
    tried: [],
  },
};
