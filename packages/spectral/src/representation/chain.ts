import type { EngineName } from '../engine/select.js';
import { geometry as makeGeometry, type Geometry } from '../geometry.js';
import { gansynthMel, type MelOperators } from '../mel/gansynth-mel.js';
import { makeWindow, synthesisWindow } from '../windows.js';
import type { SpectralJSON, SpectralKind, Trim } from './spectral-options.js';

/** Everything an encoder or decoder of a spectral image needs to know. */
export interface Chain {
  readonly kind: Exclude<SpectralKind, 'waveform'>;
  readonly geometry: Geometry;
  readonly trim: Trim;
  /** Analysis window of fftSize values. */
  readonly window: Float64Array;
  readonly synthesis: Float64Array;
  /** Only for `if-mel`. */
  readonly mel: MelOperators | undefined;
  readonly engine: EngineName;
}

/** Position of the image's first bin in the spectrum of bins + 1 frequencies. */
export const firstBin = (trim: Trim): number => (trim === 'dc' ? 1 : 0);

export function makeChain(kind: Chain['kind'], json: SpectralJSON, engine: EngineName): Chain {
  const { frames, bins, samples, overlap } = json;
  const geometry = makeGeometry({ frames, bins, samples, overlap });
  const window = makeWindow('hann', geometry.fftSize);
  const mel = kind === 'if-mel' ? gansynthMel(json) : undefined;
  return { kind, geometry, trim: json.trim, window, synthesis: synthesisWindow(window, geometry.hop), mel, engine };
}
