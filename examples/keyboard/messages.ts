/** What the page asks of the worker that holds the model. */
export interface RenderRequest {
  /** Instruments, each with the seed of its latent: `flute:4`. */
  readonly timbres: readonly [from: string, to: string];
  /** How far from the first to the second, 0 to 1. */
  readonly blend: number;
  readonly notes: readonly WantedNote[];
}

export interface WantedNote {
  /** MIDI. */
  readonly pitch: number;
  /** How hard it is struck, of a model that has learned that. */
  readonly velocity: number | undefined;
}

/** What the worker says: first once that it is ready, then a note for every pitch, in the order asked for. */
export type Reply =
  | {
      readonly type: 'ready';
      readonly instruments: readonly string[];
      readonly pitches: readonly number[];
      /** Those it has learned notes at, ascending; none if it knows of none. */
      readonly velocities: readonly number[];
      /** How many threads, or why one. */
      readonly computedOn: string;
    }
  | {
      readonly type: 'note';
      readonly request: number;
      readonly note: WantedNote;
      readonly audio: Float32Array;
      readonly sampleRate: number;
    }
  | { readonly type: 'picture'; readonly pixels: Uint8ClampedArray<ArrayBuffer>; readonly width: number; readonly height: number }
  | { readonly type: 'failed'; readonly reason: string };

export type Request =
  | ({ readonly type: 'render'; readonly request: number } & RenderRequest)
  | { readonly type: 'picture'; readonly audio: Float32Array };
