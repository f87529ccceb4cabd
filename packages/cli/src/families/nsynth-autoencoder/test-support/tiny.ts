import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { demoNotes } from '../../../test-support/trained.js';

/** A recipe of the smallest autoencoder that is one. */
export const tinyAutoencoder = {
  name: 'coder',
  data: { samples: 2048, filter: { pitches: [60, 63] } },
  model: {
    family: 'nsynth-autoencoder',
    layers: 3,
    cycle: 3,
    width: 4,
    skipWidth: 4,
    hop: 128,
    channels: 3,
    encoder: { layers: 2, cycle: 2, width: 4 },
  },
  training: { totalClips: 8, batchSize: 2, cropSamples: 256 },
  saving: { samples: 2, everySeconds: 0.001 },
};

/** Writes `notes` and `coder.json`, which {@link trainCoder} trains. */
export function autoencoderFolder(folder: string): string {
  demoNotes(folder);
  writeFileSync(join(folder, 'coder.json'), JSON.stringify(tinyAutoencoder));
  return folder;
}

export const trainCoder = ['train', 'coder.json', '--data', 'notes', '--json'] as const;
