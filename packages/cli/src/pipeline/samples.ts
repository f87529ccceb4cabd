import { join } from 'node:path';
import { writeWav } from '../audio/write-wav.js';
import { pitchFileName } from '../app/values.js';
import { writeAtomically } from '../runs/atomic.js';
import type { Run } from '../runs/run.js';
import type { ModelInfo, NoteModel } from '@gansynth/model-files';
import { noteCodec, type NoteCodecJSON } from './note-codec.js';
import { encodePng, rainbowgramOf } from './pictures.js';
import { renderNotes } from './voice.js';

/** Notes of a training as it stands: the same latents at every stage, at pitches spread over the range. */
export async function writeSamples(
  model: NoteModel,
  { run, info }: { run: Run; info: ModelInfo },
  folder: string,
  signal: AbortSignal,
): Promise<void> {
  const { samples: count } = run.recipe.saving;
  if (count === 0) return;
  const { pitches } = model;
  // A few timbres, each at several pitches.
  const timbres = Math.max(1, Math.round(Math.sqrt(count)));
  const drawn = model.draw(timbres, { seed: run.recipe.seed });
  const latents = Array.from({ length: count }, (_, i) => drawn[i % timbres] as Float32Array);
  const wanted = latents.map((_, i) => {
    const rank = Math.floor(i / timbres);
    const ranks = Math.ceil(count / timbres);
    return pitches[Math.round(((rank + 0.5) / ranks) * (pitches.length - 1))] as number;
  });
  const representation = noteCodec(info.representation as NoteCodecJSON);
  let i = 0;
  for await (const audio of renderNotes(model, representation, latents, wanted, { signal })) {
    const pitch = wanted[i] as number;
    const name = `timbre-${i % timbres}-${String(pitch).padStart(3, '0')}-${pitchFileName(pitch)}`;
    writeWav(join(folder, `${name}.wav`), audio, representation.sampleRate);
    writeAtomically(join(folder, `${name}.png`), encodePng(await rainbowgramOf(audio, representation.sampleRate)));
    i++;
  }
}
