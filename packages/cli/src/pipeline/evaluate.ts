import type { ScoreReport } from '@gansynth/metrics';
import type { Voice } from '@gansynth/voice';
import type { Context } from '../app/command.js';
import type { DataRecipe } from '../recipes/recipe.js';
import { noteMissingReal, openEvaluation, untrainedVoice, type Evaluation, type EvaluationOptions } from './evaluation.js';
import { modelNotes, type Scoring } from './scoring.js';

/**
 * Scores a model's notes, real notes, and an untrained generator's notes against the same held-out real notes with the same classifier.
 */
export async function evaluate(
  voice: Voice,
  trainedOn: DataRecipe,
  context: Context,
  options: EvaluationOptions,
): Promise<Evaluation> {
  const { signal } = context;
  const { seed } = options;
  const began = performance.now();
  const scoring = await openEvaluation(voice, trainedOn, context, options);
  noteMissingReal(scoring, context);
  try {
    const trained = await scoring.score('the model', modelNotes(voice, scoring.pitches, seed, signal));
    const real = scoring.otherRealNotes && (await scoring.score('other real notes', scoring.otherRealNotes()));
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

async function scoreUntrained(voice: Voice, scoring: Scoring, seed: number, signal: AbortSignal): Promise<ScoreReport | null> {
  const fresh = await untrainedVoice(voice, seed);
  try {
    return fresh ? await scoring.score('an untrained generator', modelNotes(fresh, scoring.pitches, seed, signal)) : null;
  } finally {
    fresh?.dispose();
  }
}
