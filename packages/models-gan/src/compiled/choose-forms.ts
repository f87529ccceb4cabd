import type { Size } from '../progressive/config.js';
import type { CompiledPart, Keep } from './compiled-part.js';
import type { FoldedConvolution } from './folded-kernel.js';
import { plainConvolution } from './plain-convolution.js';
import { preparedConvolution, threeByThree } from './prepared-convolution.js';
import { rowWinograd, rowWinogradFits } from './row-winograd.js';
import { differenceDoubling, doublingFits, mergedDoubling } from './upscaled-convolution.js';

/** How a compiled generator computes its convolutions. */
export interface ConvolutionForms {
  /**
   * Doubling and a 3 x 3 convolution: 36 products (`plain`), 16 (`merged`) or 9 (`difference`, `winograd`) for each small pixel and channel
   * pair.
   */
  readonly doubling: 'plain' | 'merged' | 'difference' | 'winograd';
  /** 3 x 3 convolutions at their image's size: 9 products a pixel and channel pair (`plain`), 4.5 (`row-winograd`) or 4 (`winograd`). */
  readonly convolution: 'plain' | 'row-winograd' | 'winograd';
  /** One note after the other instead of a whole batch: less memory, and on processors as fast. `difference` and `row-winograd` need it. */
  readonly oneByOne: boolean;
}

/**
 * The fastest forms on a backend, by measurement (benchmarks/src/generator.bench.ts). On wasm the products cost more than passes over memory,
 * so fewer products win; `winograd` saves the passes as well, but is one kernel, which `@gansynth/training/wasm` brings: without it
 * `difference` and `row-winograd` take its place. Where convolutions run near the processor's peak (tensorflow) the passes would cost more
 * than they save.
 */
export function chooseForms(backend: string): ConvolutionForms {
  if (backend === 'wasm') return { doubling: 'winograd', convolution: 'winograd', oneByOne: true };
  return { doubling: 'merged', convolution: 'plain', oneByOne: backend === 'tensorflow' || backend === 'cpu' };
}

/** What a layer's convolution is followed by; undefined where something comes between (or nothing follows). */
type NormEpsilon = number | undefined;

/** A convolution in the form asked for, or the next best where its shape or the backend does not allow that. */
export function compileConvolution(
  layer: FoldedConvolution,
  size: Size,
  { convolution }: ConvolutionForms,
  keep: Keep,
  normEpsilon: NormEpsilon,
): CompiledPart {
  if (convolution === 'winograd' && threeByThree(layer)) {
    const part = preparedConvolution(layer, keep, { doubling: false, normEpsilon });
    if (part) return part;
  }
  return convolution !== 'plain' && rowWinogradFits(layer, size[0]) ? rowWinograd(layer, keep) : plainConvolution(layer, keep);
}

/** Upscaling and convolution in the form asked for, or the next best. */
export function compileUpscaled(
  layer: FoldedConvolution,
  factors: Size,
  { doubling }: ConvolutionForms,
  keep: Keep,
  normEpsilon: NormEpsilon,
): CompiledPart {
  if (!doublingFits(layer, factors) || doubling === 'plain') return plainConvolution(layer, keep, factors);
  const prepared = doubling === 'winograd' && preparedConvolution(layer, keep, { doubling: true, normEpsilon });
  if (prepared) return prepared;
  return doubling === 'merged' ? mergedDoubling(layer, keep) : differenceDoubling(layer, keep);
}
