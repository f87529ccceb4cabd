export { OptionError } from './errors.js';
export { mostImage } from './geometry.js';
export type { AdditiveJSON, AdditiveOptions } from './additive/options.js';
export type { HarmonicRepresentationJSON, HarmonicRepresentationOptions } from './harmonic/options.js';
export {
  completeRepresentation,
  representationKinds,
  type RepresentationJSON,
  type RepresentationKind,
  type RepresentationOptions,
} from './representation/options.js';
export type { SpectralJSON, SpectralKind, SpectralOptions, Trim } from './representation/spectral-options.js';
