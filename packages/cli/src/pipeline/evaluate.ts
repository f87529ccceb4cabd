import type { ScoreReport } from '@gansynth/metrics';
import { createVoice, type Voice } from '@gansynth/voice';
import type { Context } from '../app/command.js';
import { familyNamed } from '../families/index.js';
import type { DataRecipe } from '../recipes/recipe.js';
import type { ClassifierPlan, TrainedClassifier } from './classifier.js';
import { modelNotes, openScoring, type Scoring } from './scoring.js';

export interface EvaluationOptions {
  readonly data?: string | undefined;
  readonly count?: number | undefined;
  /** Share of the notes to compare with; as the recipe splits them if undefined. */
  readonly holdOut?: number | undefined;
  readonly seed: number;
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
  /** Seconds. */
  readonly took: number;
}

/**
 * Scores a model's notes, real notes, and an untrained generator's notes against the same held-out real notes with the same classifier.
 * The notes asked of the generators have the pitches of the held-out ones.
 */
export async function evaluate(
  voice: Voice,
  trainedOn: DataRecipe,
  context: Context,
  options: EvaluationOptions,
): Promise<Evaluation> {
  const { signal } = context;
  const { data, count, seed, classifier } = options;
  const began = performance.now();
  const { samples } = voice.representation;
  const pitches: [number, number] = [voice.pitches[0]!, voice.pitches.at(-1)!];
  const split: DataRecipe['split'] =
    options.holdOut === undefined ? trainedOn.split : { kind: 'random', train: 1 - options.holdOut, seed };
  const recipe: DataRecipe = { ...trainedOn, split, filter: { ...trainedOn.filter, pitches } };
  const scoring = await openScoring(recipe, context, { data, count, seed, classifier, samples });
  try {
    const trained = await scoring.score('the model', modelNotes(voice, scoring.pitches, seed, signal));
    const real = scoring.otherRealNotes && (await scoring.score('other real notes', scoring.otherRealNotes));
    const untrained = options.untrained ? await scoreUntrained(voice, scoring, seed, signal) : null;
    const took = (performance.now() - began) / 1000;
    return {
      kind: 'gansynth-evaluation',
      format: 1,
      model: voice.source,
      trained,
      real,
      untrained,
      classifier: scoring.classifier,
      took,
    };
  } finally {
    await scoring.close();
  }
}

/** An untrained model of the same shape, where the model's family can make one. */
async function untrainedVoice({ manifest, files, representation }: Voice, seed: number): Promise<Voice | undefined> {
  const model = files && (await familyNamed(manifest.family)?.models.untrained?.(files, { seed, representation }));
  return model && createVoice(model, manifest);
}

async function scoreUntrained(voice: Voice, scoring: Scoring, seed: number, signal: AbortSignal): Promise<ScoreReport | null> {
  const fresh = await untrainedVoice(voice, seed);
  try {
    return fresh ? await scoring.score('an untrained generator', modelNotes(fresh, scoring.pitches, seed, signal)) : null;
  } finally {
    fresh?.dispose();
  }
}
