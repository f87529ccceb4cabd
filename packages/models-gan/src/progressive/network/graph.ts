import type { Operation, Shape } from '../operations/operation.js';

/**
 * What a network is wired on. The wiring of generator and critic is written once, over values `T` that are tensors (training, sampling),
 * symbolic tensors (a LayersModel) or bare shapes (the list of variables, the count of multiplications).
 */
export interface Graph<T> {
  /**
   * Applies an operation.
   *
   * @param name where the operation's variables live, unique in the network, e.g.
   * `Generator/progressive_gan_generator/progressive_gan_block_1/conv0`
   */
  apply<C extends object>(operation: Operation<C>, name: string, config: C, inputs: readonly T[]): T;
  /** Sizes of one example. */
  shape(value: T): Shape;
}
