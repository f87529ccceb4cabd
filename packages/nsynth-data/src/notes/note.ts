import type { NdArray } from 'ndarray';
import type { Family, Quality, Source } from './vocabulary.js';

/** A note's labels under NSynth's own field names, as in `examples.json`. */
export interface NSynthMetadata {
  /** Number of the note, unique in NSynth. */
  readonly note: number;
  /** `<instrument_str>-<pitch>-<velocity>` in NSynth; unique. */
  readonly note_str: string;
  readonly instrument: number;
  readonly instrument_str: string;
  /** MIDI, 0 to 127. */
  readonly pitch: number;
  /** MIDI, 0 to 127. */
  readonly velocity: number;
  /** Hz. */
  readonly sample_rate: number;
  /** Ten times 0 or 1. */
  readonly qualities: readonly number[];
  readonly qualities_str: readonly Quality[];
  /** 0 to 10; -1 for `unknown`. */
  readonly instrument_family: number;
  readonly instrument_family_str: Family;
  /** 0 to 2. */
  readonly instrument_source: number;
  readonly instrument_source_str: Source;
}

/** What is known of a note without reading its audio. */
export interface NoteLabels {
  /** NSynth's `note_str`. */
  readonly id: string;
  /** Hz. */
  readonly sampleRate: number;
  /** Length of the audio in samples. */
  readonly samples: number;
  /** MIDI, 0 to 127. */
  readonly pitch: number;
  /** MIDI, 0 to 127. */
  readonly velocity: number;
  /** NSynth's `instrument_str`. */
  readonly instrument: string;
  readonly family: Family;
  readonly source: Source;
  readonly qualities: readonly Quality[];
  /** The same, and the numbers behind the names, as NSynth's files have them. */
  readonly metadata: NSynthMetadata;
}

/** A note: its labels and its audio. */
export interface Note extends NoteLabels {
  /** [samples], mono, full scale at -1 and 1. */
  readonly audio: NdArray<Float32Array>;
}
