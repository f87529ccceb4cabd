import { z } from 'zod';

/** Kinds of values that fields have. Upper ends are far beyond what anybody trains: a slip is an error, not a machine without memory. */
export const count = z.int().min(1).max(Number.MAX_SAFE_INTEGER);
export const fraction = z.number().min(0).max(1);
export const name = z.string().min(1).max(200);
export const names = z.array(name).min(1).max(10_000);
/** Weights of losses, rates. */
export const weight = z.number().min(0).max(1e9);
export const size = z.tuple([count.max(65_536), count.max(65_536)]);
export const powerOfTwo = count.refine((value) => Number.isInteger(Math.log2(value)), 'expected a power of two');
export const batch = count.max(1_000_000);
