import { join } from 'node:path';
import type { NoteModel } from '@gansynth/model-files';
import type { Representation } from '@gansynth/spectral';
import { renderNotes } from '@gansynth/voice';
import { writeWav } from '../audio/write-wav.js';
import { pitchFileName } from '../app/values.js';
import { replaceFile } from '@gansynth/common/node';
import type { Run } from '../runs/run.js';
import { encodePng, rainbowgramOf } from './pictures.js';

/** What the notes are made of. */
export interface Sound {
  readonly model: NoteModel;
  readonly representation: Representation;
}

/** Notes of a model as it stands: the same latents whenever they are made, at pitches spread over the range. */
export async function writeSamples(
  { model, representation }: Sound,
  { recipe }: Run,
  folder: string,
  signal?: AbortSignal,
): Promise<void> {
  const { samples: count } = recipe.saving;
  if (count === 0) return;
  const { pitches } = model;
  const { sampleRate } = representation;
  // A few timbres, each at several pitches.
  const timbres = Math.max(1, Math.round(Math.sqrt(count)));
  const drawn = model.draw(timbres, { seed: recipe.seed });
  const latents = Array.from({ length: count }, (_, i) => drawn[i % timbres] as Float32Array);
  const wanted = latents.map((_, i) => {
    const rank = Math.floor(i / timbres);
    const ranks = Math.ceil(count / timbres);
    return pitches[Math.round(((rank + 0.5) / ranks) * (pitches.length - 1))]!;
  });
  let i = 0;
  for await (const audio of renderNotes(model, representation, latents, wanted, { signal })) {
    const pitch = wanted[i]!;
    const name = `timbre-${i % timbres}-${String(pitch).padStart(3, '0')}-${pitchFileName(pitch)}`;
    await writeWav(join(folder, `${name}.wav`), audio, sampleRate);
    await replaceFile(join(folder, `${name}.png`), encodePng(await rainbowgramOf(audio, sampleRate)));
    i++;
  }
}
