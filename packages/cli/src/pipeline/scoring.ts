import { breathe } from '@gansynth/common/breathe';
import { rangeOfShare, type Share } from '@gansynth/common/node';
import { randomStream } from '@gansynth/common/random';
import {
  hearNotes,
  scoreNotes,
  scoringReference,
  type HeardNotes,
  type NoteSource,
  type ScoredNote,
  type ScoreNotesEvent,
  type ScoreReport,
  type ScoringReference,
} from '@gansynth/metrics';
import { cropOrPad, type Dataset } from '@gansynth/nsynth-data';
import type { Voice } from '@gansynth/voice';
import type { Context } from '../app/command.js';
import { InputError, UsageError } from '../app/errors.js';
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

/** Of as many notes as there are `pitches`: from one to before another. */
export type Range = readonly [from: number, to: number];

/**
 * Notes that the classifier hears at once, which are also what shares are made of: the same however many shares there are, since numbers of 32 bits
 * may depend on it. Few notes are heard a few at a time, so that they can be shared as well.
 */
const batchOf = (count: number): number => Math.min(32, Math.ceil(count / 16));

/** Held-out real notes and a classifier taught from the others: what is equal for everything that is scored. */
export interface Scoring {
  /** Pitches of the real notes; what is scored against them should have the same. */
  readonly pitches: readonly number[];
  /** The real note of that place in `pitches`. */
  realNote(at: number): Promise<ScoredNote>;
  readonly notes: DataSummary;
  /** Checksum of ids and audio of the notes that were held out. */
  readonly heldOut: string;
  readonly classifier: Omit<TrainedClassifier, 'classifier'>;
  /** Of the classifier's weights and settings. */
  readonly classifierHash: string;
  score(what: string, generated: NoteSource): Promise<ScoreReport>;
  /** The part of all notes that is a share's: whole batches of the classifier, so that every share hears what the undivided work hears. */
  rangeOf(share: Share): Range;
  /** The real notes that others are compared with, or a part of them. */
  realNotes(range: Range): NoteSource;
  /** Hears notes, to be scored later. */
  hear(what: string, notes: NoteSource, range: Range): Promise<HeardNotes>;
  /** As many other real notes, or a part of them: what a perfect model would make. `null` where there are not enough. */
  readonly otherRealNotes: ((range?: Range) => NoteSource) | null;
  /**
   * Scores the held-out notes themselves, against as many of those to learn from; where nothing was held out, against themselves. `null` where
   * there are not enough.
   */
  readonly scoreHeldOut: (() => Promise<ScoreReport>) | null;
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

  async *notes(signal: AbortSignal, [from, to]: Range = [0, this.positions.length]): AsyncGenerator<ScoredNote> {
    for (let at = from; at < to; at++) {
      await breathe(signal);
      yield await this.note(at);
    }
  }
}

/** Notes of a model, one for each of the given pitches, or a part of them. */
export async function* modelNotes(
  voice: Voice,
  pitches: readonly number[],
  seed: number,
  signal: AbortSignal,
  [from, to]: Range = [0, pitches.length],
): AsyncGenerator<ScoredNote> {
  const latent = voice.draw(pitches.length, seed).slice(from, to);
  const played = pitches.slice(from, to);
  let at = 0;
  for await (const audio of voice.notes(played, { latent, signal })) yield { audio, pitch: played[at++]! };
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
    if (options.count !== undefined && options.count > count)
      context.note(`expected ${options.count} notes to compare with, found ${count} that were held out: these are taken`);
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
    const learned = train.length >= count ? new RealNotes(train, samples, count, seed) : undefined;
    const others = recipe.split.kind === 'none' ? undefined : learned;
    // Heard when first asked for, and once for everything that is scored.
    let heard: Promise<ScoringReference> | undefined;
    const batchSize = batchOf(count);
    const hear = (onEvent: (event: ScoreNotesEvent) => void): Promise<ScoringReference> =>
      (heard ??= scoringReference(real.notes(signal), { classifier, batchSize, seed, signal, onEvent }));
    return {
      pitches,
      realNote: (at) => real.note(at),
      notes: summarise(notes),
      heldOut: evaluation.fingerprint,
      classifier: taught,
      classifierHash: await classifier.hash(),
      otherRealNotes: others === undefined ? null : (range) => others.notes(signal, range),
      realNotes: (range) => real.notes(signal, range),
      scoreHeldOut:
        learned === undefined
          ? null
          : async () => {
              const step = progress.start('scoring the held-out notes', 2 * count);
              const onEvent = ({ kind, notes: done }: ScoreNotesEvent): void =>
                step.update(kind === 'reference' ? done : count + done);
              const how = { classifier, batchSize, seed, signal, onEvent };
              const reference = await scoringReference(learned.notes(signal), how);
              const report = await scoreNotes({ reference, generated: real.notes(signal), resamples, ...how });
              step.finish(`${count} notes against ${count} of those to learn from`);
              return report;
            },
      rangeOf(share) {
        const batches = Math.ceil(count / batchSize);
        if (batches < share.of) {
          throw new UsageError(
            `expected at most ${batches} shares of ${count} notes, which are heard ${batchSize} at a time, found ${share.of}. Take fewer machines, or more notes.`,
            share.of,
          );
        }
        const [from, to] = rangeOfShare(share, batches);
        return [from * batchSize, Math.min(count, to * batchSize)];
      },
      async hear(what, notes, [from, to]) {
        const step = progress.start(`hearing ${what}`, to - from);
        const heard = await hearNotes(notes, { classifier, batchSize, signal, onEvent: ({ notes: done }) => step.update(done) });
        step.finish(`${to - from} notes`);
        return heard;
      },
      async score(what, generated) {
        const before = heard === undefined ? count : 0;
        const step = progress.start(`scoring ${what}`, before + count);
        const onEvent = ({ kind, notes: done }: ScoreNotesEvent): void =>
          step.update(kind === 'reference' ? done : before + done);
        const reference = await hear(onEvent);
        const report = await scoreNotes({ reference, generated, classifier, batchSize, seed, resamples, signal, onEvent });
        step.finish(`${report.conditions.generatedCount} notes against ${report.conditions.referenceCount}`);
        return report;
      },
      close,
    };
  }
}
