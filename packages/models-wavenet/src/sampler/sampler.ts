import { breathe } from '@gansynth/common/breathe';
import * as tf from '@tensorflow/tfjs-core';
import { hopOf } from '../config/conditioning-config.js';
import { outputChannels } from '../config/output-config.js';
import { checkFinite } from '../check-finite.js';
import { ArgumentError } from '../errors.js';
import type { WaveNetModel } from '../model/wavenet-model.js';
import { scaledSamples } from '../network/decoder-input.js';
import { muLawSample } from '../mu-law.js';
import type { EngineName, SamplingEngine } from './engine.js';
import { noiseSize, NoteNoise } from './noise.js';
import { noteFrames, type NoteFrames } from './note-frames.js';
import type { NoteToSample } from './note-to-sample.js';

/** Samples that are computed before others have their turn, as far as is known when a sampler starts. */
const firstSteps = 8;
/** Milliseconds after which they shall have it. */
const patience = 25;

/**
 * Draws notes sample by sample. One seed gives one note: for any batch and order of notes, however its samples are asked for.
 * Free it with `dispose`.
 */
export class Sampler {
  readonly batch: number;
  readonly #model: WaveNetModel;
  readonly #engine: SamplingEngine;
  #noise: readonly NoteNoise[] = [];
  #frames: NoteFrames | null = null;
  /** Samples each note has. */
  #time = 0;
  /** Of each note: what was computed in a call that was then aborted. */
  #kept: Float32Array[][] = [];
  #keptSamples = 0;
  #stepsAtOnce = firstSteps;
  #busy = false;
  #isDisposed = false;

  /** Use `createSampler`. */
  constructor(model: WaveNetModel, engine: SamplingEngine, batch: number) {
    this.#model = model;
    this.#engine = engine;
    this.batch = batch;
  }

  /** Samples that the notes may have: of a network without conditioning as many as one likes. */
  get length(): number {
    return this.#frames?.samples ?? Number.POSITIVE_INFINITY;
  }

  /** What it draws with. */
  get engine(): EngineName {
    return this.#engine.name;
  }

  /** Threads it draws on at present: 1 where more could not be had, or turned out no faster. */
  get threads(): number {
    return this.#engine.threads;
  }

  /** How it draws, in words: its engine, and its threads or backend. */
  get description(): string {
    if (this.engine === 'tensors') return `tensor operations on ${tf.getBackend()}`;
    return `compiled queues, ${this.threads === 1 ? 'one thread' : `${this.threads} threads`}`;
  }

  /**
   * Starts notes; those before are forgotten.
   *
   * @param notes 1 to `batch`
   * @throws ArgumentError if they are more, of different lengths, or not such as the network can be asked for
   */
  async begin(notes: readonly NoteToSample[]): Promise<void> {
    if (notes.length < 1 || notes.length > this.batch)
      throw new ArgumentError(
        'Sampler.begin',
        `expected 1 to ${this.batch} notes, found ${notes.length}. Give createSampler a larger batch, or begin several times.`,
        notes.length,
      );
    await this.#exclusively(async () => {
      const noise = notes.map(({ seed }) => new NoteNoise(this.#model.config.output, seed));
      this.#frames = await noteFrames(this.#model, notes);
      this.#noise = noise;
      this.#time = 0;
      this.#kept = notes.map(() => []);
      this.#keptSamples = 0;
      this.#engine.reset();
    });
  }

  /**
   * The next samples of each note.
   *
   * @param samples as many as asked for; no more than the notes' {@link length} in all
   * @param options.signal ends it within some milliseconds, or a sample where that takes longer. Nothing is lost: the next call begins with what
   * was computed.
   * @returns in [-1, 1], one array a note
   */
  async next(samples: number, { signal }: { readonly signal?: AbortSignal } = {}): Promise<Float32Array[]> {
    if (this.#noise.length === 0)
      throw new ArgumentError('Sampler.next', 'expected notes that have begun, found none. Call begin first.', samples);
    const left = this.length - this.#time + this.#keptSamples;
    if (!Number.isInteger(samples) || samples < 0 || samples > left)
      throw new ArgumentError(
        'Sampler.next',
        `expected a whole number of samples up to the ${left} that are left of ${this.length}, found ${samples}.`,
        samples,
      );
    return this.#exclusively(async () => {
      while (this.#keptSamples < samples) await this.#turn(samples - this.#keptSamples, signal, (steps) => this.#compute(steps));
      return this.#take(samples);
    });
  }

  /**
   * The notes in chunks, as they are computed.
   *
   * @param samples in all. Default: the notes' {@link length}
   * @param options.size of a chunk; the last may be smaller. Default 512.
   * @throws ArgumentError if `size` is no whole number of 1 or more; see {@link Sampler.next} for the rest
   */
  async *chunks(
    samples: number = this.length - this.#time + this.#keptSamples,
    { size = 512, signal }: { readonly size?: number; readonly signal?: AbortSignal } = {},
  ): AsyncGenerator<Float32Array[]> {
    if (!Number.isInteger(size) || size < 1)
      throw new ArgumentError('Sampler.chunks', `expected a size of a whole number of 1 or more, found ${size}.`, size);
    for (let done = 0; done < samples; done += size) yield this.next(Math.min(size, samples - done), signal ? { signal } : {});
  }

  /**
   * Takes given sounds for those drawn: what follows goes on from them.
   *
   * @param audio one a note, all of one length, in [-1, 1]
   * @param options.signal ends it as soon as it ends `next`. The notes are then forgotten, for they have taken some of the samples.
   * @returns what the network expected of each sample, one array a note: [samples, outputs] row by row
   * @throws ArgumentError if there are not as many sounds as notes, of one length that they have left, or a sample is not finite
   */
  async force(audio: readonly Float32Array[], { signal }: { readonly signal?: AbortSignal } = {}): Promise<Float32Array[]> {
    const notes = this.#noise.length;
    const samples = audio[0]?.length ?? 0;
    if (audio.length !== notes || audio.some((sound) => sound.length !== samples) || this.#keptSamples > 0)
      throw new ArgumentError(
        'Sampler.force',
        `expected a sound for each of the ${notes} notes that have begun, all of one length, and no samples left by an aborted call, found ` +
          `${audio.length} sounds of ${audio.map(({ length }) => length).join(', ')} samples and ${this.#keptSamples} samples left.`,
        audio.length,
      );
    if (this.#time + samples > this.length)
      throw new ArgumentError(
        'Sampler.force',
        `expected at most ${this.length - this.#time} samples, found ${samples}.`,
        samples,
      );
    for (const sound of audio) checkFinite('Sampler.force', sound);
    return this.#exclusively(async () => {
      const { output } = this.#model.config;
      const scaled = audio.map((sound) => scaledSamples(output, sound));
      const outputs = outputChannels(output);
      const expected = audio.map(() => new Float32Array(samples * outputs));
      const some = async (most: number, done: number): Promise<number> => {
        const steps = this.#untilNextFrame(Math.min(most, 512));
        const values = new Float32Array(steps * this.batch);
        for (const [note, sound] of scaled.entries())
          for (let step = 0; step < steps; step++) values[step * this.batch + note] = sound[done + step]!;
        const all = await this.#engine.force(steps, values);
        for (const [note, into] of expected.entries())
          for (let step = 0; step < steps; step++)
            into.set(
              all.subarray((step * this.batch + note) * outputs, (step * this.batch + note + 1) * outputs),
              (done + step) * outputs,
            );
        // The draws that would have been made.
        const unused = new Float32Array(noiseSize(output));
        for (const noise of this.#noise) for (let step = 0; step < steps; step++) noise.next(unused, 0);
        this.#time += steps;
        return steps;
      };
      try {
        for (let done = 0; done < samples;) done += await this.#turn(samples - done, signal, (most) => some(most, done));
      } catch (error) {
        this.#noise = [];
        throw error;
      }
      return expected;
    });
  }

  /** Frees it, and ends its threads. A call in progress ends with an error, and what it works on is freed then. */
  dispose(): void {
    this.#isDisposed = true;
    if (!this.#busy) this.#engine.dispose();
  }

  /** Lets others have their turn, then computes as many steps, `most` at most, as will have taken little time. */
  async #turn(most: number, signal: AbortSignal | undefined, work: (steps: number) => Promise<number>): Promise<number> {
    await breathe(signal);
    this.#checkInUse();
    const began = performance.now();
    const steps = await work(Math.min(most, this.#stepsAtOnce));
    const took = performance.now() - began;
    if (took < patience / 2) this.#stepsAtOnce = Math.min(4096, Math.max(this.#stepsAtOnce, 2 * steps));
    else if (took > patience) this.#stepsAtOnce = Math.max(1, this.#stepsAtOnce >> 1);
    return steps;
  }

  /** @returns steps until the conditioning changes, `most` at most; sets what is due now */
  #untilNextFrame(most: number): number {
    if (!this.#frames) return most;
    const hop = hopOf(this.#model.config.conditioning);
    if (this.#time % hop === 0) this.#engine.condition(this.#frames.at(this.#time / hop, this.batch));
    return Math.min(most, hop - (this.#time % hop));
  }

  /** Computes some samples of each note, `most` at most, and keeps them. */
  async #compute(most: number): Promise<number> {
    const { output } = this.#model.config;
    const steps = this.#untilNextFrame(most);
    const numbers = noiseSize(output);
    const noise = new Float32Array(steps * this.batch * numbers);
    for (let step = 0; step < steps; step++)
      for (const [note, its] of this.#noise.entries()) its.next(noise, (step * this.batch + note) * numbers);
    const values = await this.#engine.draw(steps, noise);
    for (const [note, kept] of this.#kept.entries()) {
      const sound = new Float32Array(steps);
      for (let step = 0; step < steps; step++) {
        const value = values[step * this.batch + note]!;
        sound[step] = output.kind === 'mu-law' ? muLawSample(Math.round(128 * value)) : value;
      }
      kept.push(sound);
    }
    this.#time += steps;
    this.#keptSamples += steps;
    return steps;
  }

  /** Hands out what is kept. */
  #take(samples: number): Float32Array[] {
    const all = this.#kept.map((parts) => {
      const sound = new Float32Array(this.#keptSamples);
      let at = 0;
      for (const part of parts) {
        sound.set(part, at);
        at += part.length;
      }
      return sound;
    });
    this.#kept = all.map((sound) => [sound.slice(samples)]);
    this.#keptSamples -= samples;
    return all.map((sound) => sound.slice(0, samples));
  }

  #checkInUse(): void {
    if (this.#isDisposed)
      throw new ArgumentError('Sampler', 'expected one that is in use, found one that was disposed.', undefined);
  }

  async #exclusively<T>(work: () => Promise<T>): Promise<T> {
    if (this.#busy)
      throw new ArgumentError('Sampler', 'expected one call at a time, found another in progress. Await it first.', undefined);
    this.#checkInUse();
    this.#busy = true;
    try {
      const result = await work();
      this.#checkInUse();
      return result;
    } finally {
      this.#busy = false;
      if (this.#isDisposed) this.#engine.dispose();
    }
  }
}
