import { mostOfWeight, weightFormats, type Precision } from './precision.js';
import type { Packed } from './queue-layout.js';

/** Where an output of a convolution stands among those of the packed matrix. */
export type Place = (output: number) => number;

const asItIs: Place = (output) => output;

export interface Matrix {
  /** [inputs, outputs] row by row. */
  readonly kernel: Float32Array;
  readonly inputs: number;
  /** Default: zeros. */
  readonly biases?: Float32Array;
  readonly place?: Place;
}

/** Weights as they lie in memory, in the order of the kernel. */
interface Encoded {
  readonly values: Float32Array | Uint16Array | Int8Array;
  /** Of each output. */
  readonly scales?: Float32Array;
}

/** Writes a matrix and its biases into a sampler's memory, as assembly/ takes them. Zeros are there already. */
export function packMatrix(memory: ArrayBufferLike, to: Packed, { kernel, inputs, biases, place = asItIs }: Matrix): void {
  const { bytes, floatRows, position } = weightFormats[to.precision];
  const { panel } = to;
  const belowBytes = panel * bytes * to.inputs;
  const panelBytes = belowBytes + 4 * panel * floatRows;
  const startOf = (column: number): number => to.address + Math.floor(column / panel) * panelBytes;
  const packRow = (row: number, values: Float32Array): void => {
    const floats = new Float32Array(memory);
    for (const [output, value] of values.entries()) {
      const column = place(output);
      floats[(startOf(column) + belowBytes) / 4 + row * panel + (column % panel)] = value;
    }
  };
  if (biases) packRow(floatRows - 1, biases);
  if (kernel.length === 0) return;
  const { values, scales } = encode[to.precision](kernel, inputs);
  if (scales) packRow(0, scales);
  const into = viewOf(memory, to.precision);
  const outputs = kernel.length / inputs;
  const columns = Int32Array.from({ length: outputs }, (_, output) => {
    const column = place(output);
    return startOf(column) / bytes + position(0, column % panel, panel);
  });
  for (let input = 0, from = 0; input < inputs; input++) {
    const row = position(input, 0, panel);
    for (let output = 0; output < outputs; output++) into[columns[output]! + row] = values[from++]!;
  }
}

const viewOf = (memory: ArrayBufferLike, precision: Precision): Encoded['values'] =>
  precision === 'float32' ? new Float32Array(memory) : precision === 'bfloat16' ? new Uint16Array(memory) : new Int8Array(memory);

const encode: Readonly<Record<Precision, (kernel: Float32Array, inputs: number) => Encoded>> = {
  float32: (kernel) => ({ values: kernel }),
  bfloat16: (kernel) => {
    const bits = new Uint32Array(kernel.buffer, kernel.byteOffset, kernel.length);
    const values = new Uint16Array(bits.length);
    // The upper half of a float, rounded to the nearest, ties to even.
    for (let at = 0; at < bits.length; at++) values[at] = (bits[at]! + 0x7fff + ((bits[at]! >>> 16) & 1)) >>> 16;
    return { values };
  },
  int8: (kernel, inputs) => {
    const outputs = kernel.length / inputs;
    const scales = new Float32Array(outputs);
    for (let at = 0; at < kernel.length; at++)
      scales[at % outputs] = Math.max(scales[at % outputs]!, Math.abs(kernel[at]!) / mostOfWeight);
    const values = new Int8Array(kernel.length);
    for (let at = 0; at < kernel.length; at++) values[at] = Math.round(kernel[at]! / scales[at % outputs]!);
    return { values, scales };
  },
};
