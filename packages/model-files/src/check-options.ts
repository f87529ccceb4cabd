import { optionCheck, type OptionCheck } from '@gansynth/common/check-options';
import { ModelFileError } from './errors.js';

/** Refuses options that a function does not know. @throws ModelFileError naming the one that was probably meant */
export const checkOptions: OptionCheck = optionCheck((where, message) => new ModelFileError(where, message));
