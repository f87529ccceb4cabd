import { suggest } from './suggest.js';

/** Every name of an options object, once: the compiler refuses a list that lacks one or has one too many. */
export type OptionNames<Options> = { readonly [Name in keyof Required<Options>]: true };

/** Refuses names that a function does not know, before it does anything. */
export type OptionCheck = <Options extends object>(
  where: string,
  options: Options | null | undefined,
  known: OptionNames<Options>,
) => void;

/**
 * Makes a package's check for the names of options: a misspelt one is an error with the one that was probably meant, not silently ignored.
 * Options that are `undefined` are looked at all the same.
 *
 * ```ts
 * const checkOptions = optionCheck((where, message, name) => new ArgumentError(`${where}: ${message}`, name));
 * checkOptions('stft', options, { fftSize: true, hop: true });
 * // stft: expected options fftSize, hop, found "hopp". Did you mean hop?
 * ```
 *
 * @param fail makes the package's own error of the function's name, a message and the unknown name
 */
export function optionCheck(fail: (where: string, message: string, name: string) => Error): OptionCheck {
  return (where, options, known) => {
    if (options === undefined || options === null) return;
    for (const name of Object.keys(options)) {
      if (Object.hasOwn(known, name)) continue;
      const names = Object.keys(known);
      const meant = suggest(name, names);
      const cure = meant === undefined ? 'Leave it out.' : `Did you mean ${meant}?`;
      throw fail(where, `expected options ${names.join(', ')}, found "${name}". ${cure}`, name);
    }
  };
}
