import { optionCheck, type OptionCheck } from '@gansynth/common/check-options';
import { OptionError } from './errors.js';

/** Refuses options that a function does not know. @throws OptionError naming the one that was probably meant */
export const checkOptions: OptionCheck = optionCheck(
  (where, message, name) => new OptionError(`${where}: ${message}`, name, name),
);
