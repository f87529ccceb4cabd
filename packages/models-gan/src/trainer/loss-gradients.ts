import { gradientAccumulator, lossAndGradients } from '@gansynth/training';
import * as tf from '@tensorflow/tfjs-core';

/** A loss with its parts, as scalars of the backend. */
export type Terms<Name extends string> = Readonly<Record<Name, tf.Scalar>> & { readonly total: tf.Scalar };

export interface LossGradients<Name extends string> {
  /** Means over the batch. */
  readonly terms: Readonly<Record<Name | 'total', number>>;
  /** In the order of the variables; owned by the caller. null: the loss does not depend on the variable. */
  readonly gradients: (tf.Tensor | null)[];
  /** Euclidean norm of all gradients together. */
  readonly gradientNorm: number;
}

/** Half-open range of the examples of a batch. */
export interface Chunk {
  readonly start: number;
  readonly size: number;
}

/** A batch as micro-batches of at most `limit` examples, as even as possible: their minibatch statistics are then most alike. */
export function chunks(batchSize: number, limit: number | null): Chunk[] {
  const count = limit === null ? 1 : Math.ceil(batchSize / limit);
  return Array.from({ length: count }, (_, index) => {
    const start = Math.floor((index * batchSize) / count);
    return { start, size: Math.floor(((index + 1) * batchSize) / count) - start };
  });
}

/**
 * Loss and gradients of a batch, computed chunk by chunk.
 *
 * @param terms builds the loss of one chunk
 */
export async function lossGradients<Name extends string>(
  variables: readonly tf.Variable[],
  parts: readonly Chunk[],
  terms: (chunk: Chunk) => Terms<Name>,
): Promise<LossGradients<Name>> {
  const accumulator = gradientAccumulator();
  const total = parts.reduce((sum, { size }) => sum + size, 0);
  const sums: Record<string, number> = {};
  let gradients: (tf.Tensor | null)[] = [];
  try {
    for (const chunk of parts) {
      const part = differentiate(variables, () => terms(chunk));
      const values = await part.values.data();
      part.values.dispose();
      for (const [index, name] of part.names.entries()) {
        sums[name] = (sums[name] ?? 0) + ((values[index] as number) * chunk.size) / total;
      }
      if (parts.length === 1) {
        ({ gradients } = part);
        continue;
      }
      accumulator.add(part.gradients, chunk.size);
      tf.dispose(part.gradients.filter((gradient) => gradient !== null));
    }
    if (parts.length > 1) gradients = accumulator.take();
  } finally {
    accumulator.dispose();
  }
  return { terms: sums as Record<Name | 'total', number>, gradients, gradientNorm: await norm(gradients) };
}

function differentiate(
  variables: readonly tf.Variable[],
  terms: () => Terms<string>,
): { names: string[]; values: tf.Tensor1D; gradients: (tf.Tensor | null)[] } {
  let names: string[] = [];
  let values: tf.Tensor1D | undefined;
  const { loss, gradients } = lossAndGradients(() => {
    const built = terms();
    names = Object.keys(built);
    values = tf.keep(tf.stack(Object.values(built)) as tf.Tensor1D);
    return built.total;
  }, variables);
  loss.dispose();
  return { names, values: values as tf.Tensor1D, gradients };
}

async function norm(gradients: readonly (tf.Tensor | null)[]): Promise<number> {
  const present = gradients.filter((gradient) => gradient !== null);
  const squares = tf.tidy(() => tf.stack(present.map((gradient) => tf.sum(tf.square(gradient)))));
  const values = await squares.data();
  squares.dispose();
  let sum = 0;
  for (const value of values) sum += value;
  return Math.sqrt(sum);
}
