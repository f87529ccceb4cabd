import { version_core as tfjsVersion } from '@tensorflow/tfjs-core';
import { version } from '../../package.json';

/** Versions of what a score depends on. */
export const packageVersions = (): Readonly<Record<string, string>> => ({
  '@gansynth/metrics': version,
  '@tensorflow/tfjs-core': tfjsVersion,
});
