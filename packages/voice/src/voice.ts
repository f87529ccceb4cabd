import type { FileSource, Latent, ModelManifest, NoteModel } from '@gansynth/model-files';
import { latentAt } from '@gansynth/models-gan/latents';
import { latentBetween } from './latent-between.js';
import { representationFromJSON, type Representation, type RepresentationJSON } from '@gansynth/spectral';
import { ArgumentError, ModelError } from './errors.js';
import { checkOptions } from './options.js';
import { pitchNumbers, type Pitch } from './pitches.js';
import { renderNotes, type RenderOptions } from './render-notes.js';
import { planSong, type PlanOptions } from './song/plan-song.js';
import { readScore, type ScoreNote } from './song/read-score.js';
import { renderSong, songNotes, type SongNote, type SongOptions } from './song/render-song.js';
import { collect, Stream } from './stream.js';
import { latentOf, type Timbre } from './timbre.js';

/** Samples of a note, full scale 1 and never beyond it, at the voice's sample rate. */
export type Note = Float32Array<ArrayBuffer>;

/** What plays the notes: one of `timbre`, `latent` and `seed`; default: seed 0. */
export interface NoteOptions extends RenderOptions {
  readonly timbre?: Timbre | undefined;
  /** One for all notes, or one for each. */
  readonly latent?: ArrayLike<number> | readonly ArrayLike<number>[] | undefined;
  readonly seed?: number | undefined;
  /** That the latent or seed plays, by name or part of it. */
  readonly instrument?: string | undefined;
  /**
   * How hard the notes are struck, MIDI 0 to 127: one for all, or one for each. It chooses the timbre, not the level, and only of a model that has
   * learned it ({@link Voice.velocities}). Where it is undefined: what the latent says.
   */
  readonly velocity?: number | readonly (number | undefined)[] | undefined;
}

export interface PhraseOptions extends RenderOptions {
  /** From the first at the first note to the last at the last one, through those between, evenly. */
  readonly timbres: readonly Timbre[];
}

/** How a voice plays a song: {@link PlanOptions} and, of {@link SongOptions}, what does not concern the path. */
export type PlayOptions = PlanOptions & Partial<Omit<SongOptions, 'latents' | 'times'>>;

/** A model, ready to sound. The backend on which it was opened must stay set. */
export interface Voice {
  /** The model's name, or where it came from. */
  readonly name: string;
  /** Where it came from, as far as that has a name. */
  readonly source: string;
  /** What it was opened from; none for a model that is in memory only. */
  readonly files: FileSource | undefined;
  readonly manifest: ModelManifest;
  readonly model: NoteModel;
  readonly representation: Representation;
  /** MIDI, ascending. */
  readonly pitches: readonly number[];
  /** Names of the instruments that the model tells apart; none of the paper's does. */
  readonly instruments: readonly string[];
  /** MIDI velocities of the notes it has learned, ascending; none if it does not know how hard a note is struck. */
  readonly velocities: readonly number[];
  readonly latentSize: number;
  /** Hz */
  readonly sampleRate: number;
  /** Length of every note. */
  readonly samples: number;
  /** How often each pitch occurred in training; all alike if the model does not say. */
  readonly pitchCounts: readonly number[];
  /** Latents of a seed, as this model was trained with them; the i-th is the same however many are drawn. */
  draw(count: number, seed?: number): Latent[];
  /** The latent of a timbre. @param instrument that a seed or latent is to play */
  latent(timbre: Timbre, instrument?: string): Latent;
  /** The latent on the way from one timbre to another. @param share 0 is the first, 1 the second; between, something of both and of no third instrument */
  between(from: Timbre, to: Timbre, share: number): Latent;
  /**
   * Notes, one for each pitch, in order: all with `await`, or one by one with `for await`.
   *
   * @throws ArgumentError for pitches, instruments and latents that the model does not know; the signal's reason when aborted
   */
  notes(pitches: Pitch | readonly Pitch[], options?: NoteOptions): Stream<Note, Note[]>;
  /** Notes whose timbre moves from one to another: at one pitch again and again an interpolation, at others a melody. Otherwise as `notes`. */
  phrase(pitches: readonly Pitch[], options: PhraseOptions): Stream<Note, Note[]>;
  /**
   * A song: its mix with `await`; note by note, in the order in which they begin, with `for await`.
   *
   * @param midi a Standard MIDI File, or the notes of one
   * @throws ScoreError if there is nothing to play, or too much; the signal's reason when aborted
   */
  song(midi: Uint8Array | ArrayBuffer | readonly ScoreNote[], options?: PlayOptions): Stream<SongNote, Note>;
  /** Frees the model. */
  dispose(): void;
}

const renderOptions = { signal: true, batchSize: true } as const;
const noteOptions = { timbre: true, latent: true, seed: true, instrument: true, velocity: true, ...renderOptions } as const;
const phraseOptions = { timbres: true, ...renderOptions } as const;
const planOptions = {
  timbres: true,
  times: true,
  count: true,
  secondsPerTimbre: true,
  seed: true,
  transpose: true,
  lowest: true,
  highest: true,
} as const;
const songOptions = { ...planOptions, peak: true, atMost: true, signal: true, onNote: true } as const;

/**
 * A voice of a model that is in memory: trained just now, or of another make.
 *
 * @param model is freed with the voice
 * @param manifest as `gansynth.json` has it; says by `representation` how the model's images sound
 * @throws ModelError if it does not say that
 */
export function createVoice(model: NoteModel, manifest: ModelManifest, source = 'a model in memory', files?: FileSource): Voice {
  const representation = codecOf(model, manifest, source);
  const { pitches, instruments, latentSize } = model;
  const latent = (timbre: Timbre, instrument?: string): Latent => latentOf(timbre, model, instrument);
  const between = (a: Latent, b: Latent, share: number): Latent => latentBetween(a, b, share, model);
  const notesOf = (latents: readonly Latent[], played: readonly number[], options: RenderOptions): Stream<Note, Note[]> =>
    new Stream(() => renderNotes(model, representation, latents, played, options), collect);
  return {
    name: manifest.name ?? source,
    source,
    files,
    manifest,
    model,
    representation,
    pitches,
    instruments,
    velocities: model.dynamics?.velocities ?? [],
    latentSize,
    sampleRate: manifest.sampleRate ?? representation.sampleRate,
    samples: representation.samples,
    pitchCounts: countsOf(manifest, pitches.length),
    draw: (count, seed = 0) => model.draw(count, { seed }),
    latent,
    between: (from, to, share) => between(latent(from), latent(to), share),
    notes(wanted, options = {}) {
      checkOptions('notes', options, noteOptions);
      const played = pitchNumbers(wanted);
      return notesOf(struck(latentsOf(played.length, options, latent), model, options.velocity), played, options);
    },
    phrase(wanted, options) {
      checkOptions('phrase', options, phraseOptions);
      const played = pitchNumbers(wanted);
      const latents = options.timbres.map((timbre) => latent(timbre));
      if (latents.length === 0) throw new ArgumentError('phrase: expected at least one timbre, found none.', options.timbres);
      const path = { latents, times: latents.map((_, at) => at) };
      // Multiplied before it is divided: the last note has the last timbre exactly.
      const timeOf = (at: number): number => (at * (latents.length - 1)) / Math.max(1, played.length - 1);
      return notesOf(
        played.map((_, at) => latentAt(path, timeOf(at), between)),
        played,
        options,
      );
    },
    song(midi, options = {}) {
      checkOptions('song', options, songOptions);
      const score = isScore(midi) ? midi : readScore(midi instanceof Uint8Array ? midi : new Uint8Array(midi)).notes;
      const { notes, latents, times } = planSong(model, score, options);
      const { peak, atMost, signal, onNote } = options;
      const song = { latents, times, peak, atMost, signal, onNote };
      const instrument = { model, representation };
      return new Stream(
        () => songNotes(instrument, notes, song),
        () => renderSong(instrument, notes, song),
      );
    },
    dispose: () => model.dispose(),
  };
}

const isScore = (midi: Uint8Array | ArrayBuffer | readonly ScoreNote[]): midi is readonly ScoreNote[] => Array.isArray(midi);

function latentsOf(count: number, options: NoteOptions, latentOfTimbre: Voice['latent']): Latent[] {
  const { timbre, latent, seed, instrument } = options;
  const given = [timbre, latent, seed].filter((one) => one !== undefined).length;
  if (given > 1) throw new ArgumentError('notes: expected one of timbre, latent and seed, found several.', options);
  if (isList(latent)) {
    if (latent.length === count) return latent.map((one) => latentOfTimbre(one, instrument));
    throw new ArgumentError(
      `notes: expected one latent, or ${count}, one for each pitch, found ${latent.length}.`,
      latent.length,
    );
  }
  const same = latentOfTimbre(timbre ?? latent ?? seed ?? 0, instrument);
  return Array.from({ length: count }, () => same);
}

/** The latents as they sound when they are struck so hard. */
function struck(latents: readonly Latent[], { dynamics }: NoteModel, velocity: NoteOptions['velocity']): readonly Latent[] {
  const each = typeof velocity === 'object' ? velocity : latents.map(() => velocity);
  if (each.length !== latents.length) {
    const expected = `one velocity, or ${latents.length}, one for each pitch`;
    throw new ArgumentError(`notes: velocity: expected ${expected}, found ${each.length}.`, velocity);
  }
  return latents.map((latent, at) => {
    const hard = each[at];
    if (hard === undefined) return latent;
    if (dynamics) return dynamics.latentWithVelocity(latent, hard);
    const found = 'one that was trained without them';
    throw new ArgumentError(
      `notes: velocity: expected a model that has learned notes of several velocities, found ${found}.`,
      hard,
    );
  });
}

const isList = (latent: NoteOptions['latent']): latent is readonly ArrayLike<number>[] =>
  Array.isArray(latent) && typeof latent[0] !== 'number';

function codecOf(model: NoteModel, { representation }: ModelManifest, source: string): Representation {
  if (representation === undefined) {
    throw new ModelError(`${source}: expected a model that says how its images sound (representation), found none.`, source);
  }
  const codec = representationFromJSON(representation as RepresentationJSON);
  const size = codec.shape.reduce((product, side) => product * side, 1);
  if (size === model.outputShape.reduce((product, side) => product * side, 1)) return codec;
  throw new ModelError(
    `${source}: expected a model of [${codec.shape}], as its representation has it, found one of [${model.outputShape}].`,
    model.outputShape,
  );
}

function countsOf({ details }: ModelManifest, pitches: number): number[] {
  const counts: unknown = details?.['pitchCounts'];
  const sound = Array.isArray(counts) && counts.length === pitches && counts.every((count) => typeof count === 'number');
  return sound ? counts : Array.from({ length: pitches }, () => 1);
}
