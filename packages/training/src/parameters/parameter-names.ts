/** How what belongs to a variable is called in a saved training. */
export interface ParameterNames {
  readonly average: (variable: string) => string;
  readonly firstMoment: (variable: string) => string;
  readonly secondMoment: (variable: string) => string;
}

/**
 * The names that TensorFlow 1 gives an optimiser's slots and an exponential moving average, so that its checkpoints and ours have the same:
 * `<variable>/Adam`, `<variable>/Adam_1`, `<variable>/ExponentialMovingAverage`.
 *
 * @param optimiserScope the variable scope the original made its optimiser in, before the moments' names
 */
export function tensorflowNames(optimiserScope?: string): ParameterNames {
  const scope = optimiserScope === undefined ? '' : `${optimiserScope}/`;
  return {
    average: (variable) => `${variable}/ExponentialMovingAverage`,
    firstMoment: (variable) => `${scope}${variable}/Adam`,
    secondMoment: (variable) => `${scope}${variable}/Adam_1`,
  };
}
