import { optionCheck, type OptionCheck } from '@gansynth/common/check-options';
import { ArgumentError } from './errors.js';

/** Refuses options that a function does not know. @throws ArgumentError naming the one that was probably meant */
export const checkOptions: OptionCheck = optionCheck((where, message, name) => new ArgumentError(where, message, name));
