import type { ScoreReport } from '@gansynth/metrics';
import type { Precision } from '@gansynth/models-wavenet';
import { createVoice, type Voice } from '@gansynth/voice';
import type { Context } from '../app/command.js';
import { familyNamed } from '../families/index.js';
import type { DataRecipe } from '../recipes/recipe.js';
import type { ClassifierPlan, TrainedClassifier } from './classifier.js';
import { openScoring, type Scoring } from './scoring.js';

export interface EvaluationOptions {
  readonly data?: string | undefined;
  readonly count?: number | undefined;
  /** Share of the notes to compare with; as the recipe splits them if undefined. */
  readonly holdOut?: number | undefined;
  readonly seed: number;
  /** With which the voice draws, where it is a WaveNet's; float32 if undefined. */
  readonly precision?: Precision | undefined;
  readonly classifier: Pick<ClassifierPlan, 'kind' | 'steps' | 'folder'>;
  /** Also score a generator of the same shape with fresh weights. */
  readonly untrained: boolean;
}

export interface Evaluation {
  readonly kind: 'gansynth-evaluation';
  readonly format: 1;
  readonly model: string;
  /** The model's notes against held-out real ones. */
  readonly trained: ScoreReport;
  /** Other real notes against the same: what a perfect model would get. */
  readonly real: ScoreReport | null;
  readonly untrained: ScoreReport | null;
  readonly classifier: Omit<TrainedClassifier, 'classifier'>;
  /** Seconds; of several shares, all together. */
  readonly took: number;
}

/** Real notes and a classifier for the notes of a model. The notes asked of generators have the pitches of the held-out ones. */
export function openEvaluation(
  voice: Voice,
  trainedOn: DataRecipe,
  context: Context,
  { data, count, holdOut, seed, classifier }: EvaluationOptions,
): Promise<Scoring> {
  const { samples } = voice.representation;
  const pitches: [number, number] = [voice.pitches[0]!, voice.pitches.at(-1)!];
  const split: DataRecipe['split'] = holdOut === undefined ? trainedOn.split : { kind: 'random', train: 1 - holdOut, seed };
  const recipe: DataRecipe = { ...trainedOn, split, filter: { ...trainedOn.filter, pitches } };
  return openScoring(recipe, context, { data, count, seed, classifier, samples });
}

/** Says why there is no row of other real notes, where there is none. */
export function noteMissingReal({ otherRealNotes, pitches, notes }: Scoring, { note }: Pick<Context, 'note'>): void {
  if (otherRealNotes !== null) return;
  note(
    `no real-against-real row: it needs ${pitches.length} notes besides the held-out ones, found ${notes.notes - notes.evaluation}`,
  );
}

/** An untrained model of the same shape, where the model's family can make one. */
export async function untrainedVoice({ manifest, files, representation }: Voice, seed: number): Promise<Voice | undefined> {
  const model = files && (await familyNamed(manifest.family)?.models.untrained?.(files, { seed, representation }));
  return model && createVoice(model, manifest);
}
