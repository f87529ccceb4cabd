import { suggest } from '@gansynth/common/suggest';
import { ArgumentError } from '../errors.js';

/**
 * How a sampler holds the weights of the dilated convolutions, of what follows each, and of the first skip: of `presets.nsynth` all but one
 * in 400 that are read for a sample. `float32`: as they are. `bfloat16`: rounded to 8 significant bits. `int8`: whole numbers from -127 to 127 with a scale
 * for each output of each matrix; what they are multiplied by has 16 bits then, and a scale of its own.
 */
export type Precision = 'float32' | 'bfloat16' | 'int8';

/** All of them, as assembly/plan.ts numbers them. */
export const precisions: readonly Precision[] = ['float32', 'bfloat16', 'int8'];

/** @throws ArgumentError for one that there is not */
export function checkPrecision(where: string, precision: Precision): void {
  if (precisions.includes(precision)) return;
  const meant = suggest(String(precision), precisions);
  throw new ArgumentError(
    where,
    `expected a precision of ${precisions.join(', ')}, found ${String(precision)}.${meant === undefined ? '' : ` Did you mean ${meant}?`}`,
    precision,
  );
}

/** Largest whole number of a weight of 8 bits. */
export const mostOfWeight = 127;

/** Largest whole number to which vectors of this many rows are scaled: sums of products with weights stay below 2^31. */
export const mostOfVector = (rows: number): number => Math.min(32_767, Math.floor((2 ** 31 - 1) / (mostOfWeight * rows)));

/** Row by row. */
const inRows = (input: number, column: number, panel: number): number => input * panel + column;

/** How weights of a precision lie in panels. */
export interface WeightFormat {
  /** Of a weight. */
  readonly bytes: number;
  /**
   * Place of a weight in a panel of so many outputs, in weights: that of its input and that of its column add up.
   * See assembly/accumulate.ts and assembly/dot.ts.
   */
  readonly position: (input: number, column: number, panel: number) => number;
  /** Rows of floats below a panel: scales of its outputs, if there are any, and biases. */
  readonly floatRows: number;
}

export const weightFormats: Readonly<Record<Precision, WeightFormat>> = {
  float32: { bytes: 4, floatRows: 1, position: inRows },
  bfloat16: {
    bytes: 2,
    floatRows: 1,
    position: (input, column, panel) => {
      const at = inRows(input, column, panel);
      return at - (at % 8) + 2 * (at % 4) + (Math.floor(at / 4) % 2);
    },
  },
  int8: {
    bytes: 1,
    floatRows: 2,
    position: (input, column, panel) => 2 * inRows(Math.floor(input / 2), column, panel) + (input % 2),
  },
};

/** Bytes of a packed matrix. */
export function matrixBytes(precision: Precision, inputs: number, outputs: number): number {
  const { bytes, floatRows } = weightFormats[precision];
  return outputs * (bytes * inputs + 4 * floatRows);
}

/** Rows of 32 bits of what a vector is multiplied as: floats, or pairs of whole numbers and a row of scales. */
export const vectorRows = (precision: Precision, rows: number): number => (precision === 'int8' ? rows / 2 + 1 : rows);
