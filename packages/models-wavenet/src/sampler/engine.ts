/** `queues`: compiled to WebAssembly. `tensors`: operations of the backend that is set. */
export type EngineName = 'queues' | 'tensors';

/** What computes sample after sample of a fixed number of notes. Samples are as the network sees them: codes / 128, or 16-bit samples. */
export interface SamplingEngine {
  readonly name: EngineName;
  /** Threads it runs on, at present. */
  readonly threads: number;
  /** Zeros for all that was: the next sample is the first. */
  reset(): void;
  /** @param frames conditioning of the samples that follow, [notes, channels] */
  condition(frames: Float32Array): void;
  /**
   * Draws samples.
   *
   * @param noise [count, notes, numbers a sample]; see `NoteNoise`
   * @returns [count, notes]
   */
  draw(count: number, noise: Float32Array): Promise<Float32Array>;
  /**
   * Takes given samples for those drawn.
   *
   * @param values [count, notes]
   * @returns what the network expected of each, [count, notes, outputs]
   */
  force(count: number, values: Float32Array): Promise<Float32Array>;
  dispose(): void;
}
