import { hertzOfPitch } from '@gansynth/common/note-name';
import { coherenceFigure, interpolationFigure, octavesFigure, phasesFigure } from '@gansynth/figures';
import { notePhases, wrapAtFundamental } from '@gansynth/spectral';
import { rainbowgramOf } from '../pipeline/pictures.js';

/** A note to be drawn. */
export interface DrawnNote {
  readonly name: string;
  readonly audio: Float32Array;
  /** Hz */
  readonly sampleRate: number;
  /** MIDI. */
  readonly pitch: number;
}

const size = { width: 240, height: 192 } as const;

/** Figure 1 of a note, as SVG. A backend must be running, as for all of these. */
export async function drawPhases({ name, audio, sampleRate, pitch }: DrawnNote): Promise<string> {
  // Frames of 64 ms, less for short notes: at least two dozen of them.
  let fftSize = 2 ** Math.round(Math.log2(0.064 * sampleRate));
  while (fftSize > 64 && audio.length < fftSize + (24 * fftSize) / 4) fftSize /= 2;
  return phasesFigure({ name, ...(await notePhases(audio, { fundamental: hertzOfPitch(pitch), sampleRate, fftSize })) });
}

/** Figure 3 of a note of each model, as SVG. */
export async function drawCoherence(notes: readonly DrawnNote[], options: { readonly title?: string } = {}): Promise<string> {
  const drawn = [];
  for (const { name, audio, sampleRate, pitch } of notes) {
    const fundamental = hertzOfPitch(pitch);
    drawn.push({
      name,
      // 64 ms, as the paper's 1028 samples, of a short note what there is.
      folded: wrapAtFundamental(audio, {
        fundamental,
        sampleRate,
        count: Math.min(audio.length, Math.round(0.06425 * sampleRate)),
      }),
      picture: await rainbowgramOf(audio, sampleRate, size),
      seconds: audio.length / sampleRate,
    });
  }
  return coherenceFigure(drawn, options);
}

/**
 * Figure 4, as SVG.
 *
 * @param rows each a way from one sound to another, a note a step
 * @param shares of the last sound in each step
 */
export async function drawInterpolation(
  rows: readonly { readonly name: string; readonly notes: readonly Float32Array[]; readonly sampleRate: number }[],
  shares: readonly number[],
): Promise<string> {
  const drawn = [];
  for (const { name, notes, sampleRate } of rows) {
    const pictures = [];
    for (const note of notes) pictures.push(await rainbowgramOf(note, sampleRate, { width: 160, height: 192 }));
    drawn.push({ name, pictures });
  }
  return interpolationFigure(drawn, shares);
}

/**
 * Figure 7, as SVG.
 *
 * @param rows the same notes or song, played by one latent, by latents that move
 * @param notes their names, each as long as the others; none for a song
 */
export async function drawOctaves(
  rows: readonly { readonly name: string; readonly audio: Float32Array; readonly sampleRate: number }[],
  notes: readonly string[] = [],
  title?: string,
): Promise<string> {
  const drawn = [];
  for (const { name, audio, sampleRate } of rows)
    drawn.push({
      name,
      picture: await rainbowgramOf(audio, sampleRate, { width: 960, height: 192 }),
      seconds: audio.length / sampleRate,
    });
  return octavesFigure(drawn, notes, title === undefined ? {} : { title });
}
