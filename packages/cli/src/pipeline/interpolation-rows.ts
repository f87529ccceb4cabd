import { breathe } from '@gansynth/common/breathe';
import { mixWaves } from '../audio/mix-waves.js';
import type { Voice } from '@gansynth/voice';
import type { Context } from '../app/command.js';
import { pitchFileName } from '../app/values.js';
import type { InterpolationFiles } from './interpolation-files.js';
import { latentNamed } from './latents.js';

/** Two notes, or sounds, and what is between them. */
export interface Ends {
  readonly label: string;
  readonly first: Float32Array;
  readonly last: Float32Array;
  /** Hz */
  readonly sampleRate: number;
}

/** A row of a model's notes for each pitch, through the space of its latents. @returns their ends */
export async function latentRows(
  voice: Voice,
  { from, to, pitches, fractions }: { from: string; to: string; pitches: readonly number[]; fractions: readonly number[] },
  files: InterpolationFiles,
  kind: string,
  { signal, progress }: Pick<Context, 'signal' | 'progress'>,
): Promise<Ends[]> {
  const timbres = [latentNamed(from, voice), latentNamed(to, voice)];
  const { sampleRate } = voice;
  const step = progress.start('interpolating', fractions.length * pitches.length);
  const ends: Ends[] = [];
  for (const [at, pitch] of pitches.entries()) {
    const label = pitchFileName(pitch);
    const beginnings: Float32Array[] = [];
    let [first, last] = [new Float32Array(0), new Float32Array(0)];
    const again = fractions.map(() => pitch);
    for await (const audio of voice.phrase(again, { timbres, signal })) {
      if (beginnings.length === 0) first = audio;
      last = audio;
      beginnings.push(await files.note({ kind, label, sampleRate }, beginnings.length, audio));
      step.update(at * fractions.length + beginnings.length);
    }
    await files.row({ kind, label, sampleRate }, beginnings);
    ends.push({ label, first, last, sampleRate });
  }
  step.finish(`${fractions.length * pitches.length} notes`);
  return ends;
}

/** A row through the air: both ends sounding at once, the one fading as the other grows. */
export async function waveRow(
  { label, first, last, sampleRate }: Ends,
  fractions: readonly number[],
  files: InterpolationFiles,
  signal: AbortSignal,
): Promise<void> {
  const place = { kind: 'wave', label, sampleRate };
  const beginnings: Float32Array[] = [];
  for (const [step, t] of fractions.entries()) {
    await breathe(signal);
    beginnings.push(await files.note(place, step, mixWaves(first, last, t)));
  }
  await files.row(place, beginnings);
}
