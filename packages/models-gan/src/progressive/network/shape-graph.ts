import type { Shape, VariableSpec } from '../operations/operation.js';
import type { Graph } from './graph.js';

/** One step of a network, as seen without computing it. */
export interface Step {
  readonly className: string;
  readonly name: string;
  readonly inputs: readonly Shape[];
  readonly output: Shape;
  readonly variables: readonly VariableSpec[];
  /** Multiply-adds per example. */
  readonly multiplyAdds: number;
}

/** Runs on shapes alone and notes what would happen. */
export function shapeGraph(): Graph<Shape> & { readonly steps: readonly Step[] } {
  const steps: Step[] = [];
  return {
    steps,
    shape: (value) => value,
    apply: (operation, name, config, inputs) => {
      const output = operation.outputShape(config, inputs);
      steps.push({
        className: operation.className,
        name,
        inputs,
        output,
        variables: operation.variables(config, inputs),
        multiplyAdds: operation.multiplyAdds(config, inputs),
      });
      return output;
    },
  };
}
