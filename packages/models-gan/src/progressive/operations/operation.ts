import type * as tf from '@tensorflow/tfjs-core';

/** Sizes of one example: no batch axis. */
export type Shape = readonly number[];

/** How a variable starts. */
export type Initial =
  | { readonly kind: 'zeros' }
  | { readonly kind: 'normal'; readonly deviation: number }
  | { readonly kind: 'truncatedNormal'; readonly deviation: number }
  /** Given by the caller, never trained. */
  | { readonly kind: 'table' };

export interface VariableSpec {
  /** Behind the operation's name: `conv2d/kernel`, `bias`, ... */
  readonly name: string;
  readonly shape: Shape;
  readonly initial: Initial;
}

/**
 * One building block of a network, defined once: the training step runs it on tensors, the saved model holds it as a layer, and the list
 * of a network's variables is derived from it.
 */
export interface Operation<C extends object = object> {
  /** Name under which the layer is registered for serialisation. */
  readonly className: string;
  variables(config: C, inputs: readonly Shape[]): readonly VariableSpec[];
  outputShape(config: C, inputs: readonly Shape[]): Shape;
  /** Multiply-adds per example. */
  multiplyAdds(config: C, inputs: readonly Shape[]): number;
  /** @param inputs with batch axis; @param variables in the order of {@link variables} */
  run(config: C, inputs: readonly tf.Tensor[], variables: readonly tf.Tensor[]): tf.Tensor;
}

/** Completes an operation: no variables, output like its first input, no multiplications worth counting. */
export function defineOperation<C extends object>(
  definition: Pick<Operation<C>, 'className' | 'run'> & Partial<Operation<C>>,
): Operation<C> {
  return {
    variables: () => [],
    outputShape: (_config, inputs) => inputs[0]!,
    multiplyAdds: () => 0,
    ...definition,
  };
}

export const product = (shape: Shape): number => shape.reduce((a, b) => a * b, 1);
