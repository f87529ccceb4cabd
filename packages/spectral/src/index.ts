export { NonFiniteError, OptionError, ShapeError, SpectralError } from './errors.js';
export { withinFullScale } from './full-scale.js';
export { framesFor, geometry, type Geometry, type GeometryOptions } from './geometry.js';
export type { EngineName } from './engine/select.js';
export type { SpectralJSON, SpectralKind, SpectralOptions, Trim } from './representation/spectral-options.js';
export { framesBefore } from './representation/frames-before.js';
export { presets } from './representation/presets.js';
export { completeRepresentation, representationKinds } from './representation/options.js';
export type { RepresentationJSON, RepresentationKind, RepresentationOptions } from './representation/options.js';
export { representation, representationFromJSON, type Representation } from './representation/representation.js';
export type { SpectralRepresentation } from './representation/spectral-representation.js';
export type { AdditiveRepresentation } from './additive/additive-representation.js';
export type { AdditiveJSON, AdditiveOptions } from './additive/options.js';
export { istft, stft, type InverseStftOptions, type Spectrum, type StftOptions } from './stft.js';
export { makeWindow, synthesisWindow, type WindowName } from './windows.js';
export {
  decibelsToPower,
  LOG_FLOOR,
  logMagnitude,
  logMagnitudeToDecibels,
  magnitude,
  power,
  powerToDecibels,
} from './magnitude.js';
export { instantaneousFrequency, phaseAngle, phaseFromFrequency, unwrapPhase, wrapFrequency } from './phase.js';
export { approximateInverse } from './mel/approximate-inverse.js';
export { melFilterbank, type MelFilterbankOptions } from './mel/filterbank.js';
export { gansynthMel, type MelOperators } from './mel/gansynth-mel.js';
export { hertzToMel, melToHertz, type MelScale } from './mel/scale.js';
export {
  applyOperator,
  denseOperator,
  operatorTaps,
  sparseOperator,
  transposeOperator,
  type SparseOperator,
  type Tap,
} from './sparse-operator.js';
export { hertzOfPitch as midiToFrequency, pitchOfHertz as frequencyToMidi } from '@gansynth/common/note-name';
export { gansynthNormaliser, identityNormaliser, normaliserFromOriginal } from './normaliser/constants.js';
export { measureNormaliser, type ImageStream, type MeasureOptions } from './normaliser/measure.js';
export {
  normaliserFromJSON,
  normaliserKinds,
  type Normaliser,
  type NormaliserJSON,
  type NormaliserKind,
} from './normaliser/normaliser.js';
export { harmonicRepresentation, type HarmonicRepresentation } from './harmonic/harmonic-representation.js';
export type { HarmonicRepresentationJSON, HarmonicRepresentationOptions } from './harmonic/options.js';
export { imageToArray, type ImageArray } from './pictures/image-array.js';
export { notePhases, type NotePhases, type NotePhasesOptions } from './pictures/note-phases.js';
export { type Picture, type PictureSize } from './pictures/picture.js';
export { rainbowgram, type RainbowgramOptions } from './pictures/rainbowgram.js';
export { waveformPicture } from './pictures/waveform-picture.js';
export {
  wrapAtFundamental,
  wrappedWaveformPicture,
  type WrapOptions,
  type WrappedWaveform,
} from './pictures/wrapped-waveform.js';
