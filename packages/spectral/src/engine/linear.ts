import { customGrad, type Tensor } from '@tensorflow/tfjs-core';

/**
 * Applies a linear map whose derivative is its adjoint, and the adjoint's derivative the map again; so gradients of any order cost
 * one more application, by the same engine.
 */
export function applyLinear<T extends Tensor>(x: Tensor, map: (x: Tensor) => T, adjoint: (y: Tensor) => Tensor): T {
  return customGrad((input) => ({ value: map(input as Tensor), gradFunc: (dy: Tensor) => applyLinear(dy, adjoint, map) }))(
    x,
  ) as T;
}
