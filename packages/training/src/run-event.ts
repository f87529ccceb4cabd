/** Numbers of one moment of a run: losses, timings, images per second, memory. */
export interface ScalarsEvent {
  readonly type: 'scalars';
  /** Steps or images done, whichever the run counts. */
  readonly step: number;
  /** By name; a slash makes groups, as in `critic/loss`. NaN and infinity are allowed: they are what one wants to see. */
  readonly values: Readonly<Record<string, number>>;
}

/** A picture: a rainbowgram of samples, for example. */
export interface ImageEvent {
  readonly type: 'image';
  readonly step: number;
  readonly name: string;
  readonly width: number;
  readonly height: number;
  /** Grey, RGB or RGBA. */
  readonly channels: 1 | 3 | 4;
  /** height * width * channels bytes, rows from the top. */
  readonly pixels: Uint8Array;
}

/** A sound. */
export interface AudioEvent {
  readonly type: 'audio';
  readonly step: number;
  readonly name: string;
  /** In [-1, 1], one channel. */
  readonly samples: Float32Array;
  /** Hz. */
  readonly sampleRate: number;
}

/** Words: a recipe at the start of a run, a warning, the reason of an end. */
export interface TextEvent {
  readonly type: 'text';
  readonly step: number;
  readonly name: string;
  readonly text: string;
}

/** What a training run reports. A trainer emits such events, a caller prints them or hands them to writers. */
export type RunEvent = ScalarsEvent | ImageEvent | AudioEvent | TextEvent;

/** Takes the events of a run in order, and keeps them. */
export interface RunEventWriter {
  write(event: RunEvent): void;
  /** Frees what is open. Writing afterwards is an error. */
  close(): void;
}
