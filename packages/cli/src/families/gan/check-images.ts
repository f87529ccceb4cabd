import { detailOf } from '@gansynth/common/errors';
import { completeRepresentation, OptionError, type RepresentationJSON } from '@gansynth/spectral/options';
import { show, type Say } from '../family.js';
import type { ImageRecipe } from './image-fields.js';

/**
 * What notes, representation and normaliser of a recipe say about each other.
 *
 * @returns the size of the images, or that which was meant; nothing where it is not known
 */
export function checkImages(
  { representation, normaliser, data }: ImageRecipe,
  say: Say,
): Pick<RepresentationJSON, 'frames' | 'bins'> | undefined {
  if (normaliser.kind === 'gansynth' && representation.kind !== 'if-mel') {
    say(
      'normaliser.kind',
      `found ${show(normaliser.kind)}: its constants fit if-mel only. Expected "${representation.kind === 'waveform' ? 'none' : 'measured'}".`,
    );
  }
  const { samples, sampleRate } = data;
  try {
    return completeRepresentation({ ...representation, samples, sampleRate });
  } catch (error) {
    if (!OptionError.isInstance(error)) throw error;
    say(`${error.option in data ? 'data' : 'representation'}.${error.option}`, detailOf(error));
    return representation.kind === 'waveform' ? undefined : representation;
  }
}
