import { manifestFile, ModelFileError, type FieldReader, type Range } from '@gansynth/model-files';
import { ConfigError } from '../errors.js';

/** Of latents, layers and images: no network of notes comes near the upper end. */
export const networkWidth: Range = { from: 1, to: 65_536 };

/** The field `pitches`. */
export const readPitches = (fields: FieldReader): number[] | undefined =>
  fields.list('pitches', (list, index) => list.number(index, { from: -1024, to: 1024 }), 2048);

/** A copy without the fields that are undefined: those then have their defaults. */
export function given<T extends object>(fields: { readonly [Key in keyof T]: T[Key] | undefined }): Partial<T> {
  const copy: Partial<T> = {};
  for (const key in fields) if (fields[key] !== undefined) copy[key] = fields[key];
  return copy;
}

/** A configuration that cannot be built is a fault of the file here. */
export function checked<T>(make: () => T): T {
  try {
    return make();
  } catch (error) {
    if (!ConfigError.isInstance(error)) throw error;
    throw new ModelFileError(manifestFile, error.message.replace(/^models-gan: /, 'network.'), error.value, { cause: error });
  }
}
