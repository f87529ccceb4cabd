import { z } from 'zod';
import type { Family } from '../families/family.js';
import { families } from '../families/index.js';

/** One line of the recipe's documentation. */
export interface Field {
  /** `training.batchSize`; alternatives of a union as `model(wavegan).dim` */
  readonly name: string;
  readonly type: string;
  readonly default?: unknown;
  readonly description: string;
}

type Schema = z.core.$ZodType;

interface Unwrapped {
  readonly schema: Schema;
  readonly description: string | undefined;
  readonly default?: unknown;
  readonly optional: boolean;
}

/** Through defaults and optionals to the type itself, collecting what they say. */
function unwrap(outer: Schema): Unwrapped {
  let schema = outer;
  let description = z.globalRegistry.get(schema)?.description;
  let fallback: unknown;
  let optional = false;
  for (;;) {
    const { def } = schema._zod as { def: { type: string; innerType?: Schema; defaultValue?: unknown } };
    if (def.type === 'default') fallback = def.defaultValue;
    else if (def.type === 'optional') optional = true;
    else if (def.type !== 'prefault') break;
    schema = def.innerType!;
    description ??= z.globalRegistry.get(schema)?.description;
  }
  return { schema, description, optional, ...(fallback === undefined ? {} : { default: fallback }) };
}

const shapeOf = (object: z.ZodObject): Readonly<Record<string, Schema>> => object.shape;

const isObject = (schema: Schema): schema is z.ZodObject => schema instanceof z.ZodObject;

/** Objects an input may be here: one, or the alternatives of a union. */
function objects(schema: Schema): z.ZodObject[] {
  const inner = unwrap(schema).schema;
  if (isObject(inner)) return [inner];
  if (inner instanceof z.ZodUnion || inner instanceof z.ZodDiscriminatedUnion)
    return (inner.options as Schema[]).flatMap(objects);
  return [];
}

/** The alternative an input chose by its `kind` or `family`; all of them if it did not say. */
function chosen(schema: Schema, input: unknown): z.ZodObject[] {
  const all = objects(schema);
  if (all.length < 2 || typeof input !== 'object' || input === null) return all;
  const fitting = all.filter((option) =>
    ['kind', 'family'].every((tag) => {
      const type = shapeOf(option)[tag];
      return type === undefined || !(tag in input) || z.safeParse(type, Reflect.get(input, tag)).success;
    }),
  );
  return fitting.length > 0 ? fitting : all;
}

/** The schemas at a place, following the alternatives that `input` chose, and what the input has there. */
function follow(
  root: Schema,
  path: readonly PropertyKey[],
  input: unknown,
): { readonly schemas: Schema[]; readonly value: unknown } {
  let [schemas, value]: [Schema[], unknown] = [[root], input];
  for (const key of path) {
    schemas = schemas.flatMap((schema) => chosen(schema, value)).flatMap((object) => shapeOf(object)[String(key)] ?? []);
    value = typeof value === 'object' && value !== null ? Reflect.get(value, key) : undefined;
  }
  return { schemas, value };
}

/** What is said of a field, if there is such a field. */
export function fieldAt(
  root: Schema,
  path: readonly PropertyKey[],
  input: unknown,
): { readonly description: string | undefined } | undefined {
  const [schema] = follow(root, path, input).schemas;
  return schema && unwrap(schema);
}

/** Names of the fields that are known at a place. */
export function keysAt(root: Schema, path: readonly PropertyKey[], input: unknown): string[] {
  const { schemas, value } = follow(root, path, input);
  return [...new Set(schemas.flatMap((schema) => chosen(schema, value)).flatMap((object) => Object.keys(object.shape)))];
}

function typeName(schema: Schema): string {
  const inner = unwrap(schema).schema;
  if (inner instanceof z.ZodEnum) return inner.options.join(' | ');
  if (inner instanceof z.ZodLiteral) return [...inner.values].join(' | ');
  if (inner instanceof z.ZodTuple) return `[${inner.def.items.map(typeName).join(', ')}]`;
  if (inner instanceof z.ZodArray) return `list of ${typeName(inner.element)}`;
  if (inner instanceof z.ZodUnion) return (inner.options as Schema[]).map(typeName).join(' or ');
  if (inner instanceof z.ZodNumber) return inner.isInt ? 'whole number' : 'number';
  if (isObject(inner)) return 'object';
  return inner._zod.def.type;
}

/** Fields below a schema. */
function fieldsBelow(root: Schema, prefix: string): Field[] {
  const options = objects(root);
  return options.flatMap((object) => {
    const tag = ['kind', 'family'].find((name) => name in object.shape);
    const alternative = options.length > 1 && tag ? typeName(object.shape[tag] as Schema) : '';
    return fieldsOf(object, `${prefix}${alternative ? `(${alternative})` : ''}`);
  });
}

function fieldsOf(object: z.ZodObject, prefix: string): Field[] {
  return Object.entries(shapeOf(object)).flatMap(([key, schema]) => field(`${prefix}${prefix ? '.' : ''}${key}`, schema));
}

function field(name: string, schema: Schema): Field[] {
  const found = unwrap(schema);
  const line: Field = {
    name,
    type: `${typeName(schema)}${found.optional ? ' (optional)' : ''}`,
    ...('default' in found ? { default: found.default } : {}),
    description: found.description ?? '',
  };
  return objects(schema).length > 0 ? [line, ...fieldsBelow(schema, name)] : [line];
}

/**
 * Every field of a recipe: its name, type, default, and what it means with its unit. What only one family has bears its name:
 * `training(wavegan).criticSteps`.
 *
 * @param of families whose recipes are documented
 */
export function documentFields(of: readonly Pick<Family, 'name' | 'schema'>[] = families): Field[] {
  const shapes = of.map(({ name, schema }) => ({ name, shape: shapeOf(schema) }));
  const keys = [...new Set(shapes.flatMap(({ shape }) => Object.keys(shape)))];
  return keys.flatMap((key) => {
    const having = shapes.flatMap(({ name, shape }) => (shape[key] === undefined ? [] : [{ name, schema: shape[key] }]));
    const fields = sectionOf(key, having);
    if (having.length === of.length) return fields;
    const only = having.map(({ name }) => name).join(', ');
    return fields.map((field) => ({ ...field, description: `${field.description} (only ${only})` }));
  });
}

/** Without the family or kind that a field belongs to: `training(wavegan).criticSteps` is `training.criticSteps`. */
export const plainName = (field: string): string => field.replaceAll(/\([^)]*\)/g, '');

/** Names of all fields that any recipe may have, as its JSON says them. */
export const fieldNames = (): string[] => [...new Set(documentFields().map(({ name }) => plainName(name)))];

/** Fields of one part of a recipe, as each family has it. */
function sectionOf(key: string, parts: readonly { readonly name: string; readonly schema: Schema }[]): Field[] {
  const [first, ...others] = parts;
  if (first === undefined) return [];
  if (others.every(({ schema }) => schema === first.schema)) return field(key, first.schema);
  const { description = '' } = unwrap(first.schema);
  const shapes = parts.flatMap(({ name, schema }) => objects(schema).map((object) => ({ name, fields: shapeOf(object) })));
  const shared = (name: string, own: Schema): boolean => shapes.every(({ fields }) => fields[name] === own);
  const together = Object.entries(shapes[0]?.fields ?? {}).filter(([name, own]) => shared(name, own));
  const apart = shapes.flatMap(({ name, fields }) =>
    Object.entries(fields)
      .filter(([own, one]) => !shared(own, one))
      .flatMap(([own, one]) => field(`${key}(${name}).${own}`, one)),
  );
  return [
    { name: key, type: 'object', description },
    ...together.flatMap(([name, own]) => field(`${key}.${name}`, own)),
    ...apart,
  ];
}
