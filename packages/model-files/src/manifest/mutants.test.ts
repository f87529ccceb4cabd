import { mutants } from '@gansynth/test-kit';
import { expect, it } from 'vitest';
import { ModelFileError } from '../errors.js';
import { parseManifest } from './parse-manifest.js';

it('a damaged gansynth.json is an error that says so, or a manifest', () => {
  const manifest = { format: 'gansynth-wavegan', version: 1, name: 'w', network: { samples: 16_384, pitches: [60, 62] } };
  let [read, refused] = [0, 0];
  for (const mutant of mutants(Buffer.from(JSON.stringify(manifest)), 3000, 1)) {
    try {
      expect(parseManifest(mutant).family).toBe('wavegan');
      read++;
    } catch (error) {
      if (!ModelFileError.isInstance(error)) throw error;
      refused++;
    }
  }
  expect(read).toBeGreaterThan(40);
  expect(refused).toBeGreaterThan(300);
});
