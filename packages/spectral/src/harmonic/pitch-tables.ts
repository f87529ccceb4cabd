import { gansynthBandEdges, gansynthMel } from '../mel/gansynth-mel.js';
import { hertzOfPitch } from '@gansynth/common/note-name';
import { makeChain } from '../representation/chain.js';
import type { SpectralRepresentation } from '../representation/spectral-representation.js';
import { encodeItem } from '../representation/typed-array-chain.js';

/** What is known of a note's image from its pitch alone; one value a mel bin of the full image. */
export interface PitchTable {
  /** Instantaneous frequency of the nearest harmonic, half turns per hop in [-1, 1), per unit of a mel column's sum. */
  readonly frequency: Float32Array;
  /** Phase of the first frame in half turns, per unit of a mel column's sum: the bins of one partial turn against each other. */
  readonly onset: Float32Array;
  /** Log power of a tone whose harmonics are all equally loud, relative to its peaks, not below the floor. */
  readonly comb: Float32Array;
  /** Index of the nearest harmonic, 0 for the fundamental. */
  readonly harmonic: Float32Array;
  /** Frequency in units of the fundamental. */
  readonly place: Float32Array;
  /** Cosine and sine of the place between two harmonics: 0 on a harmonic, pi half way. */
  readonly cosine: Float32Array;
  readonly sine: Float32Array;
}

const GOLDEN_RATIO = (Math.sqrt(5) - 1) / 2;

/** Phases of harmonics without a common crest, in [0, 1) turns. */
const spreadPhase = (harmonic: number): number => (GOLDEN_RATIO * harmonic * harmonic) % 1;

/** Sums of the mel operator's columns: by them mel phases are larger than phases. Columns without a tap count as 1. */
export function columnSums({ bins, sampleRate }: SpectralRepresentation): Float32Array {
  const { start, value } = gansynthMel({ bins, sampleRate }).forward;
  return Float32Array.from({ length: bins }, (_, m) => {
    const sum = value.slice(start[m]!, start[m + 1]!).reduce((total, next) => total + next, 0);
    return sum === 0 ? 1 : sum;
  });
}

/** Linear bin, 1 ... bins, that a mel bin is centred on (fractional). Bins are bins / (bins - 1) further up than the mel edges say. */
function centres({ bins, sampleRate }: SpectralRepresentation): Float64Array {
  const edges = gansynthBandEdges(bins, sampleRate);
  return Float64Array.from({ length: bins }, (_, m) => (edges[m + 1]! * (bins - 1)) / (sampleRate / 2) + 1);
}

/**
 * The table of one pitch.
 *
 * @param base the full-size `if-mel` representation
 * @param pitch MIDI, may be fractional
 * @param floor lowest value of the comb, natural log of power
 */
export function pitchTable(base: SpectralRepresentation, pitch: number, floor: number): PitchTable {
  const { bins, sampleRate } = base;
  const fundamental = hertzOfPitch(pitch);
  const hop = 2 * bins * (1 - base.overlap);
  const frequency = new Float32Array(bins);
  const onset = new Float32Array(bins);
  const nearest = new Float32Array(bins);
  const places = new Float32Array(bins);
  const cosine = new Float32Array(bins);
  const sine = new Float32Array(bins);
  for (const [m, centre] of centres(base).entries()) {
    const place = (centre * sampleRate) / (2 * bins) / fundamental;
    const harmonic = Math.max(1, Math.round(place));
    const step = (2 * harmonic * fundamental * hop) / sampleRate + 1;
    frequency[m] = step - 2 * Math.floor(step / 2) - 1;
    nearest[m] = harmonic - 1;
    places[m] = place;
    onset[m] = centre + 2 * spreadPhase(harmonic);
    cosine[m] = Math.cos(2 * Math.PI * place);
    sine[m] = Math.sin(2 * Math.PI * place);
  }
  return { frequency, onset, harmonic: nearest, place: places, cosine, sine, comb: comb(base, fundamental, floor) };
}

function comb(base: SpectralRepresentation, fundamental: number, floor: number): Float32Array {
  const { frames, bins, samples, sampleRate } = base;
  const tone = new Float32Array(samples);
  for (let harmonic = 1; harmonic * fundamental < sampleRate / 2 - fundamental / 2; harmonic++) {
    const turn = (2 * Math.PI * harmonic * fundamental) / sampleRate;
    const start = 2 * Math.PI * spreadPhase(harmonic);
    for (let n = 0; n < samples; n++) tone[n] = tone[n]! + Math.sin(turn * n + start);
  }
  // On typed arrays whatever the backend: a table is needed at once, and webgpu cannot be read at once.
  const image = new Float32Array(frames * bins * 2);
  encodeItem(tone, image, makeChain('if-mel', base.toJSON(), 'typed-array'));
  // Away from the ends, where the tone is steady.
  const edge = Math.floor(frames / 16);
  const level = new Float32Array(bins);
  for (let frame = edge; frame < frames - edge; frame++) {
    for (let m = 0; m < bins; m++) {
      level[m] = level[m]! + image[2 * (frame * bins + m)]! / (frames - 2 * edge);
    }
  }
  const loudest = Float32Array.from(level)
    .sort()
    .slice(-Math.max(1, Math.round((bins * 60) / 1024)));
  const peak = loudest[loudest.length >> 1]!;
  return Float32Array.from(level, (value) => Math.max(floor, value - peak));
}
