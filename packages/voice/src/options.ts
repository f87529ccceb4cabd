import { optionCheck, type OptionCheck } from '@gansynth/common/check-options';
import { ArgumentError } from './errors.js';

/** Refuses options that a function does not know: a misspelt one would be ignored without a word. */
export const checkOptions: OptionCheck = optionCheck((where, message, name) => new ArgumentError(`${where}: ${message}`, name));
