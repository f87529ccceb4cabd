import { optionCheck, type OptionCheck } from '@gansynth/common/check-options';
import { ValueError } from './errors.js';

/** Refuses options that a function does not know. @throws ValueError naming the one that was probably meant */
export const checkOptions: OptionCheck = optionCheck((where, message, name) => new ValueError(`${where}: ${message}`, name));
