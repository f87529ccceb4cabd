import { createRequire } from 'node:module';

/**
 * tfjs-node 4.22 calls helpers of `node:util` that Node 23 removed. Puts back those it uses, where they are missing.
 *
 * @returns names of the helpers that were missing
 */
export function repairNodeUtil(): string[] {
  // The CommonJS object, which tfjs-node sees; an import's namespace could not be written to.
  const util = createRequire(import.meta.url)('node:util') as Record<string, unknown>;
  const removed: Readonly<Record<string, (value: unknown) => boolean>> = {
    isNullOrUndefined: (value) => value === null || value === undefined,
    isArray: Array.isArray,
    isString: (value) => typeof value === 'string',
    isNumber: (value) => typeof value === 'number',
    isBoolean: (value) => typeof value === 'boolean',
    isObject: (value) => typeof value === 'object' && value !== null,
    isFunction: (value) => typeof value === 'function',
    isUndefined: (value) => value === undefined,
    isNull: (value) => value === null,
  };
  const missing = Object.keys(removed).filter((name) => typeof util[name] !== 'function');
  for (const name of missing) util[name] = removed[name];
  return missing;
}
