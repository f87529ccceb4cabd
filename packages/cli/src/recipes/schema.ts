import { z } from 'zod';
import { families } from '../families/index.js';

/**
 * One experiment as one JSON file: what may be said, what it means, and what is assumed where nothing is said. Each family of models has a
 * schema of its own; which one holds, `model.family` says.
 */
export const recipeSchema: z.ZodType = z.union(families.map(({ schema }) => schema));
