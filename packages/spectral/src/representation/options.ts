import { completeAdditive, type AdditiveJSON, type AdditiveOptions } from '../additive/options.js';
import type { EngineName } from '../engine/select.js';
import { OptionError } from '../errors.js';
import { geometry } from '../geometry.js';
import { completeHarmonic, type HarmonicRepresentationJSON, type HarmonicRepresentationOptions } from '../harmonic/options.js';
import {
  completeOptions,
  spectralKinds,
  type SpectralJSON,
  type SpectralKind,
  type SpectralOptions,
} from './spectral-options.js';
import { waveformPadding } from './waveform-padding.js';

/** Every kind of image: the four of the paper, and two that are relative to a note's known pitch. */
export type RepresentationKind = SpectralKind | 'if-mel-harmonic' | 'harmonic';

export const representationKinds: readonly RepresentationKind[] = [...spectralKinds, 'if-mel-harmonic', 'harmonic'];

export type RepresentationOptions =
  | SpectralOptions
  | ({ readonly kind: 'if-mel-harmonic' } & HarmonicRepresentationOptions)
  | ({ readonly kind: 'harmonic'; readonly engine?: EngineName | undefined } & AdditiveOptions);

/** What {@link RepresentationOptions} become in a file: plain, complete, nothing implied by a default. */
export type RepresentationJSON = SpectralJSON | HarmonicRepresentationJSON | AdditiveJSON;

/**
 * What `representation(options).toJSON()` is, by arithmetic alone: needs no tensors.
 *
 * @throws OptionError for an unknown kind, or if no image of that size can hold that much audio; the message does the arithmetic
 */
export function completeRepresentation(options: RepresentationOptions): RepresentationJSON {
  switch (options.kind) {
    case 'harmonic':
      return completeAdditive(options);
    case 'if-mel-harmonic':
      return completeHarmonic(options);
    default: {
      checkKind(options.kind);
      const json = completeOptions(options);
      if (json.kind === 'waveform') waveformPadding(json);
      else geometry(json);
      return json;
    }
  }
}

/** @throws OptionError unless it is one of {@link representationKinds} */
export function checkKind(kind: RepresentationKind): void {
  if (representationKinds.includes(kind)) return;
  throw new OptionError(
    `representation: expected kind to be one of ${representationKinds.join(', ')}, found ${String(kind)}.`,
    'kind',
    kind,
  );
}
