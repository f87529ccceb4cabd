import { ArgumentError } from './errors.js';

/** Positions of the instrument of that name; else of all whose names hold the word. */
function matches(word: string, known: readonly string[]): number[] {
  const wanted = word.trim().toLowerCase();
  const names = known.map((name) => name.toLowerCase());
  const exact = names.indexOf(wanted);
  if (exact >= 0) return [exact];
  return names.flatMap((name, index) => (wanted !== '' && name.includes(wanted) ? [index] : []));
}

function checkThereAreSome(text: string, known: readonly string[]): void {
  if (known.length > 0) return;
  throw new ArgumentError(
    `${text}: expected a model that was trained to tell instruments apart, found one that was not. Its timbres are latents only: ` +
      'leave the instrument out.',
    text,
  );
}

/**
 * An instrument of a model by its name or part of it; the first of several that fit.
 *
 * @param known names, in the order of the network's classes
 * @returns position in `known`
 * @throws ArgumentError listing what the model knows
 */
export function instrumentNamed(name: string, known: readonly string[]): number {
  checkThereAreSome(name, known);
  const [first] = matches(name, known);
  if (first !== undefined) return first;
  throw new ArgumentError(`${name}: expected an instrument of this model (${known.join(', ')}), found another.`, name);
}

/**
 * Instruments of a model as a user names them: `flute,oboe`, part of a name (`brass` for all whose names hold it), or `all`.
 *
 * @param known names, in the order of the network's classes
 * @returns positions in `known`, in the order named, each once
 * @throws ArgumentError listing what the model knows
 */
export function instrumentsNamed(text: string, known: readonly string[]): number[] {
  checkThereAreSome(text, known);
  if (text === 'all') return known.map((_, index) => index);
  const found = text.split(',').flatMap((word) => {
    const fitting = matches(word, known);
    if (fitting.length > 0) return fitting;
    throw new ArgumentError(`${word}: expected an instrument of this model (${known.join(', ')}) or "all", found another.`, word);
  });
  return [...new Set(found)];
}
