import type { Size } from '../config.js';
import type { CompiledPart, Keep } from './compiled-part.js';
import type { FoldedConvolution } from './folded-kernel.js';
import { plainConvolution } from './plain-convolution.js';
import { rowWinograd, rowWinogradFits } from './row-winograd.js';
import { differenceDoubling, doublingFits, mergedDoubling } from './upscaled-convolution.js';

/** How a compiled generator computes its convolutions. */
export interface ConvolutionForms {
  /** Doubling and a 3 x 3 convolution: 36 products (`plain`), 16 (`merged`) or 9 (`difference`) for each small pixel and channel pair. */
  readonly doubling: 'plain' | 'merged' | 'difference';
  /** 3 x 3 convolutions at their image's size: 9 products a pixel and channel pair (`plain`), or 4.5 (`row-winograd`). */
  readonly convolution: 'plain' | 'row-winograd';
  /** One note after the other instead of a whole batch: less memory, and on processors as fast. `difference` and `row-winograd` need it. */
  readonly oneByOne: boolean;
}

/**
 * The fastest forms on a backend, by measurement (benchmarks/src/generator.bench.ts). On wasm the products cost more than passes over memory,
 * so fewer products win. Where convolutions run near the processor's peak (tensorflow) the passes would cost more than they save.
 */
export function chooseForms(backend: string): ConvolutionForms {
  if (backend === 'wasm') return { doubling: 'difference', convolution: 'row-winograd', oneByOne: true };
  return { doubling: 'merged', convolution: 'plain', oneByOne: backend === 'tensorflow' || backend === 'cpu' };
}

/** A convolution in the form asked for, or the plain one where its shape does not allow that. */
export function compileConvolution(layer: FoldedConvolution, size: Size, forms: ConvolutionForms, keep: Keep): CompiledPart {
  return forms.convolution === 'row-winograd' && rowWinogradFits(layer, size[0])
    ? rowWinograd(layer, keep)
    : plainConvolution(layer, keep);
}

/** Upscaling and convolution in the form asked for, or one after the other. */
export function compileUpscaled(layer: FoldedConvolution, factors: Size, forms: ConvolutionForms, keep: Keep): CompiledPart {
  if (!doublingFits(layer, factors) || forms.doubling === 'plain') return plainConvolution(layer, keep, factors);
  return forms.doubling === 'merged' ? mergedDoubling(layer, keep) : differenceDoubling(layer, keep);
}
