import { envelope, type EnvelopeOptions } from './envelope.js';
import { songLength } from './song-length.js';
import type { ScoreNote } from './read-score.js';

export interface MixOptions extends EnvelopeOptions {
  /**
   * `signed` scales notes and mix by their highest value, as the original: a wave that leans downwards comes out louder than one that leans
   * upwards. `absolute` scales by the largest deviation either way.
   */
  readonly peak?: 'signed' | 'absolute';
  /** Seconds that a song may last; default: `longestSong`. */
  readonly atMost?: number;
}

/** Adds notes up one at a time, so that a long piece never holds more than one of them. */
export interface Mixer {
  /** Adds one note, as {@link shapeNote} makes it. Silence adds nothing. */
  add(note: ScoreNote, audio: ArrayLike<number>): void;
  /** The mix at half of full scale; lowered further where the other side would otherwise clip. */
  finish(): Float32Array<ArrayBuffer>;
}

function peakOf(samples: ArrayLike<number>, kind: 'signed' | 'absolute'): number {
  let peak = 0;
  for (let i = 0; i < samples.length; i++) {
    const value = samples[i]!;
    peak = Math.max(peak, kind === 'signed' ? value : Math.abs(value));
  }
  return peak;
}

/** How a note is shaped: `signed` or `absolute` peaks, and its envelope. */
export type ShapeOptions = Omit<MixOptions, 'atMost'>;

/**
 * A note as it is mixed: its envelope, scaled to its peak, then to its velocity.
 *
 * @param audio of the note, at its natural level; where it ends the rest is silence
 * @returns samples with a peak of velocity / 127; all 0 if the note is silent
 */
export function shapeNote(note: ScoreNote, audio: ArrayLike<number>, { peak = 'signed', ...shape }: ShapeOptions): Float64Array {
  const factors = envelope(note.end - note.start, shape);
  const shaped = factors.map((factor, i) => factor * (i < audio.length ? audio[i]! : 0));
  const highest = peakOf(shaped, peak);
  const gain = highest > 0 ? note.velocity / 127 / highest : 0;
  for (let i = 0; i < shaped.length; i++) shaped[i] = gain * shaped[i]!;
  return shaped;
}

/** Samples from the beginning of a song to a note. */
export const sampleOf = ({ start }: Pick<ScoreNote, 'start'>, sampleRate: number): number => Math.trunc(sampleRate * start);

/**
 * Mixes a score. The buffer has whole seconds: int(last end + longest).
 *
 * @throws ScoreError if the song is longer than `atMost`, before there is a buffer
 * @see magenta's generate_util.combine_notes
 */
export function createMixer(notes: readonly Pick<ScoreNote, 'end'>[], { atMost, ...shape }: MixOptions): Mixer {
  const end = songLength(notes, atMost);
  const sum = new Float64Array(Math.trunc(end + (shape.longest ?? 3)) * shape.sampleRate);
  return {
    add(note, audio) {
      const shaped = shapeNote(note, audio, shape);
      const at = sampleOf(note, shape.sampleRate);
      for (let i = 0; i < shaped.length && at + i < sum.length; i++) sum[at + i] = sum[at + i]! + shaped[i]!;
    },
    finish() {
      const highest = peakOf(sum, shape.peak ?? 'signed');
      // A song may fill much memory: no copies of it but the answer.
      const mix = new Float32Array(sum.length);
      if (!(highest > 0)) return mix;
      const loudest = peakOf(sum, 'absolute');
      const gain = Math.min(0.5 / highest, 1 / loudest);
      for (let i = 0; i < mix.length; i++) mix[i] = gain * sum[i]!;
      return mix;
    },
  };
}
