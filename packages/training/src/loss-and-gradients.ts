import * as tf from '@tensorflow/tfjs-core';

/**
 * A scalar loss and its gradient with respect to every weight; `null` for a weight the loss does not reach.
 *
 * `tf.variableGrads` throws on such weights, which progressive networks have (blocks not built yet).
 *
 * @param loss builds the loss; may itself call this function or `tf.grad` (a gradient penalty)
 * @param weights what to differentiate with respect to
 * @returns new tensors, owned by the caller
 */
export function lossAndGradients(
  loss: () => tf.Scalar,
  weights: readonly tf.Tensor[],
): { loss: tf.Scalar; gradients: (tf.Tensor | null)[] } {
  try {
    // Tidied, for a loss whose gradient throws.
    const { value, grads } = tf.tidy(() => tf.engine().gradients(loss, [...weights], undefined, true));
    return { loss: value as tf.Scalar, gradients: grads.map((gradient) => gradient ?? null) };
  } catch (error) {
    freeTape();
    throw error;
  }
}

/** What operations saved for their gradients: tfjs frees it once it has computed them, so not when loss or gradient throws. */
export function freeTape(): void {
  const { state } = tf.engine();
  if (state.gradientDepth > 0) return; // the outer call's tape
  for (const { saved } of state.activeTape ?? []) tf.dispose(saved);
  state.activeTape = [];
}
