import * as tf from '@tensorflow/tfjs-core';
import {
  AveragedParameters,
  dataCursor,
  RandomStreams,
  streamState,
  TrainableParameters,
  TrainingProgress,
  updateParameters,
  type Json,
  type Phase,
  type Stateful,
  type StepContext,
  type StepResult,
  type TrainingTask,
} from '../../src/index.js';
import { randomStream, randomStreamFrom } from '@gansynth/common/random';
import { tamperedSource, type Tamper } from '../../src/test.js';

/** Points [batch, 2] and what they are worth, [batch]. */
export interface Points {
  readonly x: tf.Tensor2D;
  readonly y: tf.Tensor1D;
}

export interface PointSource {
  next(count: number): Promise<Points>;
  state(): unknown;
  restore(state: unknown): void;
}

export function points(seed: number, tamper: Tamper = () => undefined): PointSource {
  let stream = randomStream(seed, 'points');
  const source: PointSource = {
    next: async (count) =>
      tf.tidy(() => {
        const x = tf.tensor2d(stream.normalValues(2 * count), [count, 2]);
        const y = tf.tensor1d(stream.normalValues(count));
        return { x, y };
      }),
    state: () => stream.state,
    restore: (state) => {
      stream = randomStreamFrom(streamState('points', state));
    },
  };
  return tamperedSource(source, tamper, {
    'too few points': ({ x, y }) => {
      const fewer = { x: tf.slice(x, [0, 0], [1, 2]), y: tf.slice(y, [0], [1]) };
      tf.dispose([x, y]);
      return fewer;
    },
  });
}

export interface LineTaskOptions {
  readonly data?: PointSource;
  readonly learningRate?: number;
  readonly microBatchSize?: number | null;
  readonly steps?: number;
}

/** The smallest task with all kinds of parts: a line through noisy points. Its phases are of two steps. */
export class LineTask implements TrainingTask {
  static readonly kind = 'line';
  static readonly version = 2;
  readonly kind: string = LineTask.kind;
  readonly version: number = LineTask.version;
  readonly unit = 'notes';
  readonly total: number;
  readonly progress: TrainingProgress = new TrainingProgress();
  readonly config: Json;
  readonly parts: Readonly<Record<string, Stateful>>;
  readonly line: TrainableParameters;
  readonly average: AveragedParameters;
  readonly streams: RandomStreams<'noise'> = new RandomStreams(3, ['noise']);
  readonly data: PointSource;
  readonly #microBatchSize: number | null;
  static readonly batchSize = 4;

  constructor({ data = points(1), learningRate = 0.1, microBatchSize = null, steps = 5 }: LineTaskOptions = {}) {
    this.total = steps * LineTask.batchSize;
    this.config = { learningRate, microBatchSize, steps };
    this.data = data;
    this.#microBatchSize = microBatchSize;
    this.line = new TrainableParameters({ learningRate, beta1: 0.5 });
    this.line.grow(
      [
        { name: 'slope', shape: [2], trainable: true },
        { name: 'table', shape: [1], trainable: false },
        { name: 'unused', shape: [1], trainable: true },
      ],
      ({ shape }) => randomStream(5, 'slope').normalValues(shape[0] ?? 0),
    );
    this.average = new AveragedParameters(this.line, { decay: 0.9 });
    this.parts = { line: this.line, average: this.average, streams: this.streams, data: dataCursor(data) };
  }

  get phase(): Phase {
    const index = Math.floor(Math.min(this.progress.steps, this.total / LineTask.batchSize - 1) / 2);
    return { index, label: `phase ${index}` };
  }

  async step(context: StepContext): Promise<StepResult<{ line: number }>> {
    const { batchSize } = LineTask;
    const { x, y } = await this.data.next(batchSize);
    try {
      if (x.shape[0] !== batchSize) throw new RangeError(`expected ${batchSize} points, found ${x.shape[0]}`);
      const noise = this.streams.stream('noise').normalValues(batchSize);
      const options = { name: 'line', batchSize, microBatchSize: this.#microBatchSize };
      const { losses, gradientNorm } = await updateParameters(this.line, options, context, ({ start, size }) => {
        const slope = tf.reshape<tf.Rank.R2>(this.line.weights['slope'] ?? tf.zeros([2]), [2, 1]);
        const at = tf.reshape(tf.matMul(tf.slice(x, [start, 0], [size, 2]), slope), [size]);
        const wanted = tf.add(tf.slice(y, [start], [size]), tf.tensor1d(noise.slice(start, start + size)));
        return { total: tf.mean<tf.Scalar>(tf.square(tf.sub(at, wanted))) };
      });
      this.average.update();
      return { examples: batchSize, losses: { line: losses.total }, gradientNorms: { line: gradientNorm } };
    } finally {
      tf.dispose([x, y]);
    }
  }

  dispose(): void {
    this.line.dispose();
    this.average.dispose();
  }
}
