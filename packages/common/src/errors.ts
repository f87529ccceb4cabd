/** Carried by every error of every gansynth package, whichever copy of the package threw it: the value is its category. */
const errorMarker = Symbol.for('gansynth.error');

/**
 * What a caller can do about an error:
 * `usage` ask for something else; `input` mend the file, tensor or value named; `environment` give the machine what it lacks;
 * `memory` ask for less at once; `diverged` train with other settings; `busy` wait for somebody else; `interrupted` start again.
 */
export type ErrorCategory = 'usage' | 'input' | 'environment' | 'memory' | 'diverged' | 'busy' | 'interrupted';

/**
 * Base of every error that the gansynth packages throw on purpose. Each class is named by {@link defineErrors}, from which it gets its
 * `name`, its category, the package's name before its messages, and a marker by which `isInstance` knows it across copies of a package.
 */
export abstract class GansynthError extends Error {
  /** What the caller can do about it. */
  declare readonly category: ErrorCategory;
  /** Put before every message; '' for an application's own errors. */
  declare protected readonly messagePrefix: string;

  constructor(message: string, options?: ErrorOptions) {
    super(`${new.target.prototype.messagePrefix}${message}`, options);
  }

  /** True for an error of this class or of one below it, also when another copy of the package threw it. */
  static isInstance<Instance>(this: abstract new (...parameters: never[]) => Instance, error: unknown): error is Instance {
    return carries(error, errorMarker);
  }
}

const carries = (error: unknown, marker: symbol): boolean => typeof error === 'object' && error !== null && marker in error;

type ErrorClass = abstract new (...parameters: never[]) => GansynthError;
type DefineError = (errorClass: ErrorClass, name: string, category?: ErrorCategory) => void;

/**
 * The errors of one package. Each class names itself once, which survives minifiers:
 *
 * ```ts
 * const define = defineErrors('spectral');
 * export class ShapeError extends GansynthError {
 *   static {
 *     define(this, 'ShapeError', 'input');
 *   }
 * }
 * ```
 *
 * @param packageName stands before every message ("spectral: ...")
 * @param prefix other words there, '' for none
 * @returns names a class; the category is that of the class it extends, or `input`, where none is given
 */
export function defineErrors(packageName: string, prefix = `${packageName}: `): DefineError {
  return (errorClass, name, category) => {
    const marker = Symbol.for(`gansynth.${packageName}.${name}`);
    // Needs no `this`, so that it can be handed on: errors.filter(ShapeError.isInstance).
    Object.defineProperty(errorClass, 'isInstance', { value: (error: unknown) => carries(error, marker) });
    const { prototype } = errorClass;
    Object.defineProperty(prototype, marker, { value: true });
    Object.defineProperty(prototype, 'name', { value: name, configurable: true, writable: true });
    Object.defineProperty(prototype, 'messagePrefix', { value: prefix });
    if (category === undefined && errorMarker in prototype) return;
    for (const key of [errorMarker, 'category']) Object.defineProperty(prototype, key, { value: category ?? 'input' });
  };
}

/** The category of an error of any gansynth package, any copy; `undefined` for all others. */
export function categoryOf(error: unknown): ErrorCategory | undefined {
  return carries(error, errorMarker) ? (error as GansynthError).category : undefined;
}

/** The system's code of an error, such as `ENOENT`; `undefined` where it has none. */
export function systemCodeOf(error: unknown): string | undefined {
  return error instanceof Error && 'code' in error && typeof error.code === 'string' ? error.code : undefined;
}

/** What an error says, whatever was thrown. */
export const messageOf = (error: unknown): string => (error instanceof Error ? error.message : String(error));

/** What an error of ours says, without the names of package and function before it: for callers that say where themselves. */
export const detailOf = (error: GansynthError): string => error.message.replace(/^(?:[\w.]+: )+/, '');
