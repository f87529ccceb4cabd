import type { PlainTensor } from '@gansynth/model-files';

/** A layer as checkpoints store it: the kernel [height, width, in, out] is not yet multiplied by its scale. */
export interface LayerWeights {
  readonly kernel: PlainTensor<Float32Array>;
  readonly bias: PlainTensor<Float32Array>;
}

/** A convolution kernel [height, width, in, out] and its bias, as they multiply: scale folded in. */
export interface FoldedConvolution {
  readonly kernel: FoldedKernel;
  readonly bias: Float32Array;
}

export interface FoldedKernel {
  readonly shape: readonly [height: number, width: number, inputs: number, outputs: number];
  readonly data: Float32Array;
}

/** Multiplies a stored kernel by its run-time scale, gain / sqrt(fan-in). */
export function foldScale({ shape, data }: PlainTensor<Float32Array>, gain: number): FoldedKernel {
  const [height = 0, width = 0, inputs = 0, outputs = 0] = shape;
  const scale = gain / Math.sqrt(height * width * inputs);
  const folded = new Float32Array(data.length);
  for (let i = 0; i < folded.length; i++) folded[i] = data[i]! * scale;
  return { shape: [height, width, inputs, outputs], data: folded };
}

/**
 * New kernel rows and columns as linear combinations of the old: K'[r, c] = sum_ij R[r][i] C[c][j] K[i, j].
 *
 * @param rows R, [height'][height]
 * @param columns C, [width'][width]
 */
export function combineTaps(
  { shape: [height, width, inputs, outputs], data }: FoldedKernel,
  rows: readonly (readonly number[])[],
  columns: readonly (readonly number[])[],
): FoldedKernel {
  const tap = inputs * outputs;
  const result = new Float64Array(rows.length * columns.length * tap);
  for (const [r, row] of rows.entries())
    for (const [c, column] of columns.entries())
      for (let i = 0; i < height; i++)
        for (let j = 0; j < width; j++) {
          const weight = (row[i] ?? 0) * (column[j] ?? 0);
          if (weight === 0) continue;
          const [to, from] = [(r * columns.length + c) * tap, (i * width + j) * tap];
          for (let k = 0; k < tap; k++) result[to + k] = result[to + k]! + weight * data[from + k]!;
        }
  return { shape: [rows.length, columns.length, inputs, outputs], data: Float32Array.from(result) };
}

/** Input channels [from, to) of a kernel. */
export function sliceInputs(
  { shape: [height, width, inputs, outputs], data }: FoldedKernel,
  from: number,
  to: number,
): FoldedKernel {
  const kept = new Float32Array(height * width * (to - from) * outputs);
  for (let tap = 0; tap < height * width; tap++)
    kept.set(data.subarray((tap * inputs + from) * outputs, (tap * inputs + to) * outputs), tap * (to - from) * outputs);
  return { shape: [height, width, to - from, outputs], data: kept };
}

/** Kernels of one size side by side: their outputs one after the other. */
export function joinOutputs(kernels: readonly FoldedKernel[]): FoldedKernel {
  const [height, width, inputs] = kernels[0]!.shape;
  const outputs = kernels.reduce((sum, { shape }) => sum + shape[3], 0);
  const data = new Float32Array(height * width * inputs * outputs);
  let column = 0;
  for (const { shape, data: own } of kernels) {
    for (let row = 0; row < height * width * inputs; row++)
      data.set(own.subarray(row * shape[3], (row + 1) * shape[3]), row * outputs + column);
    column += shape[3];
  }
  return { shape: [height, width, inputs, outputs], data };
}

export const identityMatrix = (size: number): number[][] =>
  Array.from({ length: size }, (_, i) => Array.from({ length: size }, (_, j) => (i === j ? 1 : 0)));
