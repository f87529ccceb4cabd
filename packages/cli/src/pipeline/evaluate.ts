import { breathe } from '@gansynth/common/breathe';
import { scoreNotes, type NoteSource, type ScoredNote, type ScoreReport } from '@gansynth/metrics';
import { cropOrPad, type Dataset } from '@gansynth/nsynth-data';
import { randomStream } from '@gansynth/common/random';
import { createVoice, type Voice } from '@gansynth/voice';
import type { Context } from '../app/command.js';
import { InputError } from '../app/errors.js';
import { familyNamed } from '../families/index.js';
import type { DataRecipe } from '../recipes/recipe.js';
import { classifierFor, type ClassifierPlan, type TrainedClassifier } from './classifier.js';
import { openNotes } from './open-notes.js';

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

/** Real notes, as long as the model's. */
async function* realNotes(
  dataset: Dataset,
  samples: number,
  count: number,
  seed: number,
  signal: AbortSignal,
): AsyncGenerator<ScoredNote> {
  const order = randomStream(seed, 'evaluation/real').permutation(dataset.length).slice(0, count).sort();
  for (const position of order) {
    await breathe(signal);
    const { audio, pitch } = await dataset.note(position);
    yield { audio: cropOrPad(audio.data, samples), pitch };
  }
}

/** Notes of a model, one for each of the given pitches. */
async function* modelNotes(
  voice: Voice,
  pitches: readonly number[],
  seed: number,
  signal: AbortSignal,
): AsyncGenerator<ScoredNote> {
  const latents = voice.draw(pitches.length, seed);
  let at = 0;
  for await (const audio of voice.notes(pitches, { latent: latents, signal })) yield { audio, pitch: pitches[at++]! };
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
  const { signal, progress } = context;
  const began = performance.now();
  const { samples } = voice.representation;
  const [low, high] = [voice.pitches[0]!, voice.pitches.at(-1)!];
  const recipe: DataRecipe =
    options.holdOut === undefined
      ? trainedOn
      : { ...trainedOn, split: { kind: 'random', train: 1 - options.holdOut, seed: options.seed } };
  const notes = await openNotes({ ...recipe, filter: { ...recipe.filter, pitches: [low, high] } }, options.data, context);
  try {
    const { train, evaluation } = notes;
    const count = Math.min(options.count ?? evaluation.length, evaluation.length);
    if (count < 20) {
      throw new InputError(
        `expected at least 20 notes that were held out, found ${count} of ${notes.all.length}. Take more notes, or hold more of them out: ` +
          '--hold-out, or data.split in the recipe ({ "kind": "none" } compares with the notes trained on).',
        count,
      );
    }
    const taught = await classifierFor(
      { train, heldOut: evaluation, samples, pitches: [low, high], seed: options.seed, ...options.classifier },
      context,
    );
    const reference: ScoredNote[] = [];
    for await (const note of realNotes(evaluation, samples, count, options.seed, signal)) reference.push(note);
    const pitches = reference.map(({ pitch }) => pitch);
    const score = (what: string, generated: NoteSource): Promise<ScoreReport> =>
      scored(what, reference, generated, taught, options.seed, context);
    const trained = await score('the model', modelNotes(voice, pitches, options.seed, signal));
    // Scores depend on the number of notes: a comparison needs as many real ones.
    const enough = train.length >= count && recipe.split.kind !== 'none';
    const real = enough ? await score('other real notes', realNotes(train, samples, count, options.seed, signal)) : null;
    if (!enough)
      progress.note(`no real-against-real row: it needs ${count} notes besides the held-out ones, found ${train.length}`);
    const untrained = options.untrained ? await scoreUntrained(voice, pitches, options.seed, signal, score) : null;
    const { classifier: taughtNetwork, ...classifier } = taught;
    taughtNetwork.dispose();
    const took = (performance.now() - began) / 1000;
    return { kind: 'gansynth-evaluation', format: 1, model: voice.source, trained, real, untrained, classifier, took };
  } finally {
    await notes.all.close();
  }
}

async function scored(
  what: string,
  reference: readonly ScoredNote[],
  generated: NoteSource,
  { classifier }: TrainedClassifier,
  seed: number,
  { signal, progress }: Context,
): Promise<ScoreReport> {
  const step = progress.start(`scoring ${what}`, 2 * reference.length);
  const report = await scoreNotes({
    reference,
    generated,
    classifier,
    seed,
    signal,
    onEvent: ({ kind, notes }) => step.update(kind === 'reference' ? notes : reference.length + notes),
  });
  step.finish(`${report.conditions.generatedCount} notes against ${report.conditions.referenceCount}`);
  return report;
}

/** An untrained model of the same shape, where the model's family can make one. */
async function untrainedVoice({ manifest, files, representation }: Voice, seed: number): Promise<Voice | undefined> {
  const model = files && (await familyNamed(manifest.family)?.models.untrained?.(files, { seed, representation }));
  return model && createVoice(model, manifest);
}

async function scoreUntrained(
  voice: Voice,
  pitches: readonly number[],
  seed: number,
  signal: AbortSignal,
  score: (what: string, generated: NoteSource) => Promise<ScoreReport>,
): Promise<ScoreReport | null> {
  const fresh = await untrainedVoice(voice, seed);
  try {
    return fresh ? await score('an untrained generator', modelNotes(fresh, pitches, seed, signal)) : null;
  } finally {
    fresh?.dispose();
  }
}
