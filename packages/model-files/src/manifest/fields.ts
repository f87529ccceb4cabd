import { ModelFileError } from '../errors.js';

/** A JSON object whose fields nobody has looked at yet. */
export type JsonObject = Readonly<Record<string, unknown>>;

export const isJsonObject = (value: unknown): value is JsonObject =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

export interface Range {
  readonly from: number;
  readonly to: number;
}

const shown = (value: unknown): string => (value === undefined ? 'nothing' : (JSON.stringify(value)?.slice(0, 100) ?? 'nothing'));

/**
 * Reads the fields of a JSON object of a model's file, each with its bounds. Every reader gives undefined for a field that is not there
 * (wrap it in {@link FieldReader.required} where it must be) and throws a ModelFileError that names file, field, and what was expected
 * for one that is something else.
 */
export class FieldReader {
  /**
   * @param path of the object inside the file, '' for the whole
   */
  constructor(
    readonly json: JsonObject,
    readonly file: string,
    readonly path: string = '',
  ) {}

  /** @throws ModelFileError if `value` is no JSON object */
  static of(value: unknown, file: string, path = ''): FieldReader {
    if (!isJsonObject(value))
      throw new ModelFileError(file, `${path === '' ? '' : `${path}: `}expected a JSON object, found ${shown(value)}.`, value);
    return new FieldReader(value, file, path);
  }

  /** A field's full name. */
  name(field: string): string {
    return this.path === '' ? field : `${this.path}.${field}`;
  }

  fail(field: string, expected: string, found: unknown = this.#value(field)): never {
    throw new ModelFileError(this.file, `${this.name(field)}: expected ${expected}, found ${shown(found)}.`, found);
  }

  required<T>(field: string, value: T | undefined): T {
    return value ?? this.fail(field, 'a value');
  }

  number(field: string, { from, to }: Range): number | undefined {
    const value = this.#value(field);
    if (value === undefined || (typeof value === 'number' && value >= from && value <= to)) return value;
    return this.fail(field, `a number from ${from} to ${to}`);
  }

  whole(field: string, { from, to }: Range): number | undefined {
    const value = this.#value(field);
    if (value === undefined || (typeof value === 'number' && Number.isInteger(value) && value >= from && value <= to))
      return value;
    return this.fail(field, `a whole number from ${from} to ${to}`);
  }

  text(field: string): string | undefined {
    const value = this.#value(field);
    return value === undefined || typeof value === 'string' ? value : this.fail(field, 'a text');
  }

  flag(field: string): boolean | undefined {
    const value = this.#value(field);
    return value === undefined || typeof value === 'boolean' ? value : this.fail(field, 'true or false');
  }

  choice<const T>(field: string, choices: readonly T[]): T | undefined {
    const value = this.#value(field);
    if (value === undefined) return undefined;
    return choices.find((choice) => choice === value) ?? this.fail(field, `one of ${choices.map(String).join(', ')}`);
  }

  /** An array, each of its elements read by `read`. */
  list<T>(field: string, read: (elements: FieldReader, index: string) => T | undefined, most = 65_536): T[] | undefined {
    const value = this.#value(field);
    if (value === undefined) return undefined;
    if (!Array.isArray(value) || value.length > most) return this.fail(field, `a list of at most ${most}`);
    const elements = new FieldReader({ ...value }, this.file, this.name(field));
    return value.map((_, index) => elements.required(String(index), read(elements, String(index))));
  }

  object(field: string): FieldReader | undefined {
    const value = this.#value(field);
    return value === undefined ? undefined : FieldReader.of(value, this.file, this.name(field));
  }

  /** An object of any fields, each read by `read`. */
  record<T>(field: string, read: (fields: FieldReader, name: string) => T | undefined): Readonly<Record<string, T>> | undefined {
    const fields = this.object(field);
    if (fields === undefined) return undefined;
    const names = Object.keys(fields.json);
    return Object.fromEntries(names.map((name) => [name, fields.required(name, read(fields, name))]));
  }

  #value(field: string): unknown {
    return Object.hasOwn(this.json, field) ? this.json[field] : undefined;
  }
}
