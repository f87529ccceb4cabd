import type { Latent, NoteModel } from '@gansynth/model-files';
import type { Representation } from '@gansynth/spectral';
import { renderNotes } from '../render-notes.js';
import { noteLatents } from './instruments.js';
import { createMixer, shapeNote, type MixOptions, type ShapeOptions } from './mixer.js';
import type { ScoreNote } from './read-score.js';

/** What sounds: a model and the representation that its images are decoded by. */
export interface Instrument {
  readonly model: NoteModel;
  readonly representation: Representation;
}

export interface SongOptions {
  /** Timbres at points in time. */
  readonly latents: readonly Latent[];
  /** Seconds, ascending, as many as latents. */
  readonly times: readonly number[];
  readonly peak?: MixOptions['peak'] | undefined;
  /** Seconds that the song may last; default: `longestSong`, two hours. */
  readonly atMost?: number | undefined;
  readonly signal?: AbortSignal | undefined;
  /** Called after each note. */
  readonly onNote?: ((done: number) => void) | undefined;
}

/** A note of a song, ready to be played at its `start`. */
export interface SongNote extends ScoreNote {
  /** With its envelope, at a peak of velocity / 127. */
  readonly audio: Float32Array<ArrayBuffer>;
}

/** The original lets go of a note after three seconds; a model whose notes are shorter, when they end. */
function shapeOf({ samples, sampleRate }: Representation, peak: MixOptions['peak'] | undefined): ShapeOptions {
  return { sampleRate, longest: Math.min(3, samples / sampleRate), ...(peak === undefined ? {} : { peak }) };
}

async function* rendered({ model, representation }: Instrument, notes: readonly ScoreNote[], options: SongOptions) {
  const { signal, onNote } = options;
  const { dynamics } = model;
  const latents = noteLatents(notes, options, model).map(
    (latent, at) => dynamics?.latentWithVelocity(latent, notes[at]!.velocity) ?? latent,
  );
  const pitches = notes.map(({ pitch }) => pitch);
  let done = 0;
  for await (const audio of renderNotes(model, representation, latents, pitches, { signal })) {
    const note = notes[done++];
    if (note !== undefined) yield { note, audio };
    onNote?.(done);
  }
}

/**
 * A score played by a model whose timbre moves along a path through its latent space.
 *
 * @param notes in the order of `readScore`; all of pitches that the model knows
 * @returns the mix at half of full scale, never beyond it; whole seconds
 * @throws ScoreError if the song is too long, before anything is computed; the signal's reason when aborted
 */
export async function renderSong(
  instrument: Instrument,
  notes: readonly ScoreNote[],
  options: SongOptions,
): Promise<Float32Array<ArrayBuffer>> {
  const { atMost } = options;
  const shape = shapeOf(instrument.representation, options.peak);
  const mixer = createMixer(notes, { ...shape, ...(atMost === undefined ? {} : { atMost }) });
  for await (const { note, audio } of rendered(instrument, notes, options)) mixer.add(note, audio);
  return mixer.finish();
}

/** The notes of {@link renderSong}, in the order in which they begin, as they are computed: to be played while later ones are. */
export async function* songNotes(
  instrument: Instrument,
  notes: readonly ScoreNote[],
  options: SongOptions,
): AsyncGenerator<SongNote, void, undefined> {
  const shape = shapeOf(instrument.representation, options.peak);
  const inOrder = notes.toSorted((a, b) => a.start - b.start);
  for await (const { note, audio } of rendered(instrument, inOrder, options)) {
    yield { ...note, audio: Float32Array.from(shapeNote(note, audio, shape)) };
  }
}
