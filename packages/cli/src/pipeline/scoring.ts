import { breathe } from '@gansynth/common/breathe';
import { randomStream } from '@gansynth/common/random';
import {
  scoreNotes,
  scoringReference,
  type NoteSource,
  type ScoredNote,
  type ScoreNotesEvent,
  type ScoreReport,
  type ScoringReference,
} from '@gansynth/metrics';
import { cropOrPad, type Dataset } from '@gansynth/nsynth-data';
import type { Voice } from '@gansynth/voice';
import type { Context } from '../app/command.js';
import { InputError } from '../app/errors.js';
import type { DataRecipe } from '../recipes/recipe.js';
import { classifierFor, type ClassifierPlan, type TrainedClassifier } from './classifier.js';
import { openNotes, summarise, type DataSummary } from './open-notes.js';

export interface ScoringOptions {
  /** The notes; as the recipe says if undefined. */
  readonly data?: string | undefined;
  /** Samples of a note. */
  readonly samples: number;
  readonly count?: number | undefined;
  readonly seed: number;
  readonly classifier: Pick<ClassifierPlan, 'kind' | 'steps' | 'folder'>;
  /** How often each score is computed again from notes drawn with replacement. */
  readonly resamples?: number;
}

/** Held-out real notes and a classifier taught from the others: what is equal for everything that is scored. */
export interface Scoring {
  /** Pitches of the real notes; what is scored against them should have the same. */
  readonly pitches: readonly number[];
  /** The real note of that place in `pitches`. */
  realNote(at: number): Promise<ScoredNote>;
  readonly notes: DataSummary;
  readonly classifier: Omit<TrainedClassifier, 'classifier'>;
  /** Of the classifier's weights and settings. */
  readonly classifierHash: string;
  score(what: string, generated: NoteSource): Promise<ScoreReport>;
  /** As many other real notes: what a perfect model would make. `null` where there are not enough. */
  readonly otherRealNotes: NoteSource | null;
  close(): Promise<void>;
}

/** Some of the notes, as long as the model's. */
class RealNotes {
  readonly positions: Int32Array;

  constructor(
    readonly dataset: Dataset,
    readonly samples: number,
    count: number,
    seed: number,
  ) {
    this.positions = randomStream(seed, 'evaluation/real').permutation(dataset.length).slice(0, count).sort();
  }

  pitches(): number[] {
    return Array.from(this.positions, (position) => this.dataset.labels(position).pitch);
  }

  async note(at: number): Promise<ScoredNote> {
    const { audio, pitch } = await this.dataset.note(this.positions[at]!);
    return { audio: cropOrPad(audio.data, this.samples), pitch };
  }

  async *notes(signal: AbortSignal): AsyncGenerator<ScoredNote> {
    for (const at of this.positions.keys()) {
      await breathe(signal);
      yield await this.note(at);
    }
  }
}

/** Notes of a model, one for each of the given pitches. */
export async function* modelNotes(
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
 * Makes ready to score: reads the notes, teaches the classifier (or takes up the one that was taught from the same).
 *
 * @throws InputError with fewer than 20 held-out notes
 */
export async function openScoring(recipe: DataRecipe, context: Context, options: ScoringOptions): Promise<Scoring> {
  const { signal, progress } = context;
  const { samples, seed, resamples = 0 } = options;
  const notes = await openNotes(recipe, options.data, context);
  const { train, evaluation } = notes;
  const opened: { dispose(): void }[] = [];
  const close = async (): Promise<void> => {
    for (const one of opened) one.dispose();
    await notes.all.close();
  };
  try {
    return await open();
  } catch (error) {
    await close();
    throw error;
  }

  async function open(): Promise<Scoring> {
    const count = Math.min(options.count ?? evaluation.length, evaluation.length);
    if (count < 20) {
      throw new InputError(
        `expected at least 20 notes that were held out, found ${count} of ${notes.all.length}. Take more notes, or hold more of them out: ` +
          '--hold-out, or data.split in the recipe ({ "kind": "none" } compares with the notes trained on).',
        count,
      );
    }
    const { classifier, ...taught } = await classifierFor(
      { train, heldOut: evaluation, samples, pitches: recipe.filter.pitches, seed, ...options.classifier },
      context,
    );
    opened.push(classifier);
    const real = new RealNotes(evaluation, samples, count, seed);
    const pitches = real.pitches();
    // Scores depend on the number of notes: a comparison needs as many real ones.
    const enough = train.length >= count && recipe.split.kind !== 'none';
    if (!enough)
      progress.note(`no real-against-real row: it needs ${count} notes besides the held-out ones, found ${train.length}`);
    // Heard when first asked for, and once for everything that is scored.
    let heard: Promise<ScoringReference> | undefined;
    const hear = (onEvent: (event: ScoreNotesEvent) => void): Promise<ScoringReference> =>
      (heard ??= scoringReference(real.notes(signal), { classifier, seed, signal, onEvent }));
    return {
      pitches,
      realNote: (at) => real.note(at),
      notes: summarise(notes),
      classifier: taught,
      classifierHash: await classifier.hash(),
      otherRealNotes: enough ? new RealNotes(train, samples, count, seed).notes(signal) : null,
      async score(what, generated) {
        const before = heard === undefined ? count : 0;
        const step = progress.start(`scoring ${what}`, before + count);
        const onEvent = ({ kind, notes: done }: ScoreNotesEvent): void =>
          step.update(kind === 'reference' ? done : before + done);
        const reference = await hear(onEvent);
        const report = await scoreNotes({ reference, generated, classifier, seed, resamples, signal, onEvent });
        step.finish(`${report.conditions.generatedCount} notes against ${report.conditions.referenceCount}`);
        return report;
      },
      close,
    };
  }
}
