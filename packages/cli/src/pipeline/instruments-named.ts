import { UsageError } from '../app/errors.js';

/**
 * Instruments of a model as a user names them: `flute,oboe`, part of a name (`brass` for all whose names hold it), or `all`.
 *
 * @param known names, in the order of the network's classes
 * @returns positions in `known`, in the order named, each once
 * @throws UsageError listing what the model knows
 */
export function instrumentsNamed(text: string, known: readonly string[]): number[] {
  if (known.length === 0) {
    throw new UsageError(
      `${text}: expected a model that was trained to tell instruments apart, found one that was not. Its timbres are latents only: ` +
        'leave the instrument out.',
      text,
    );
  }
  if (text === 'all') return known.map((_, index) => index);
  const found = text.split(',').flatMap((word) => {
    const wanted = word.trim().toLowerCase();
    const exact = known.findIndex((name) => name.toLowerCase() === wanted);
    if (exact >= 0) return [exact];
    const partly = known.flatMap((name, index) => (wanted !== '' && name.toLowerCase().includes(wanted) ? [index] : []));
    if (partly.length > 0) return partly;
    throw new UsageError(`${word}: expected an instrument of this model (${known.join(', ')}) or "all", found another.`, word);
  });
  return [...new Set(found)];
}
