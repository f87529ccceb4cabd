import { waveNetVariables } from '../network/variables.js';
import type { WaveNetConfig } from '../config/wavenet-config.js';
import { WaveNetModel } from '../model/wavenet-model.js';
import type { NoteToSample } from '../sampler/note-to-sample.js';
import type { Sampler } from '../sampler/sampler.js';
import { initialValues } from '../training/initial-values.js';

/** A model of random weights that says something: its last layer is loud. */
export function loud(config: WaveNetConfig): WaveNetModel {
  const weights = waveNetVariables(config).map((variable) => {
    const data = initialValues(variable, 3).map((value) => value * (variable.name === 'logits/W' ? 6 : 1.5));
    return [variable.name, { shape: variable.shape, data }] as const;
  });
  return new WaveNetModel({ config, weights: Object.fromEntries(weights) });
}

/** Notes of a network of each kind. */
export function notesFor(config: WaveNetConfig, count: number): NoteToSample[] {
  return Array.from({ length: count }, (_, note): NoteToSample => {
    const seed = 100 + note;
    if (config.conditioning.kind === 'pitch') return { seed, label: note % 2 };
    if (config.conditioning.kind === 'none') return { seed };
    const { channels } = config.conditioning;
    const data = Float32Array.from({ length: 10 * channels }, (__, index) => Math.sin(index * (note + 1)));
    return { seed, embedding: { shape: [10, channels], data } };
  });
}

/** What a sampler makes of notes. */
export const sampled = async (sampler: Sampler, notes: readonly NoteToSample[], samples = 160): Promise<number[][]> => {
  await sampler.begin(notes);
  return (await sampler.next(samples)).map((sound) => [...sound]);
};
