import { join } from 'node:path';
import type { NoteModel } from '@gansynth/model-files';
import type { Representation } from '@gansynth/spectral';
import { renderNotes } from '@gansynth/voice';
import { pitchFileName } from '../app/values.js';
import type { MakeSamples, NamedSound } from '../families/training.js';
import { writeSound } from './pictures.js';

/** What notes are made of. */
export interface Sound {
  readonly model: NoteModel;
  readonly representation: Representation;
}

/** Notes of a model of notes: the same latents whenever they are made, at pitches spread over the range. */
export const noteSamples = ({ model, representation }: Sound): MakeSamples =>
  async function* notes({ count, seed, signal }) {
    if (count === 0) return;
    const { pitches } = model;
    // A few timbres, each at several pitches.
    const timbres = Math.max(1, Math.round(Math.sqrt(count)));
    const drawn = model.draw(timbres, { seed });
    const latents = Array.from({ length: count }, (_, i) => drawn[i % timbres]!);
    const wanted = latents.map((_, i) => {
      const rank = Math.floor(i / timbres);
      const ranks = Math.ceil(count / timbres);
      return pitches[Math.round(((rank + 0.5) / ranks) * (pitches.length - 1))]!;
    });
    let i = 0;
    for await (const audio of renderNotes(model, representation, latents, wanted, { signal })) {
      const pitch = wanted[i]!;
      yield { name: `timbre-${i % timbres}-${String(pitch).padStart(3, '0')}-${pitchFileName(pitch)}`, audio };
      i++;
    }
  };

/** Writes sounds into a folder, each with its rainbowgram. */
export async function writeSounds(folder: string, sounds: AsyncIterable<NamedSound>, sampleRate: number): Promise<void> {
  for await (const { name, audio } of sounds) {
    await writeSound(join(folder, name), audio, sampleRate);
  }
}
