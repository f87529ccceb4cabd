import { z } from 'zod';
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
    schema = def.innerType as Schema;
    description ??= z.globalRegistry.get(schema)?.description;
  }
  return { schema, description, optional, ...(fallback === undefined ? {} : { default: fallback }) };
}

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
      const type = option.shape[tag] as Schema | undefined;
      return type === undefined || !(tag in input) || z.safeParse(type, (input as Record<string, unknown>)[tag]).success;
    }),
  );
  return fitting.length > 0 ? fitting : all;
}

/** The schema of a field, following the alternatives that `input` chose. */
export function fieldAt(
  root: Schema,
  path: readonly PropertyKey[],
  input: unknown,
): { readonly description: string | undefined } | undefined {
  let schemas: Schema[] = [root];
  let value = input;
  for (const key of path) {
    schemas = schemas
      .flatMap((schema) => chosen(schema, value))
      .flatMap((object) => (object.shape[String(key)] as Schema | undefined) ?? []);
    value = typeof value === 'object' && value !== null ? (value as Record<PropertyKey, unknown>)[key] : undefined;
  }
  return schemas[0] && unwrap(schemas[0]);
}

/** Names of the fields that are known at a place. */
export function keysAt(root: Schema, path: readonly PropertyKey[], input: unknown): string[] {
  let schemas: Schema[] = [root];
  let value = input;
  for (const key of path) {
    schemas = schemas
      .flatMap((schema) => chosen(schema, value))
      .flatMap((object) => (object.shape[String(key)] as Schema | undefined) ?? []);
    value = typeof value === 'object' && value !== null ? (value as Record<PropertyKey, unknown>)[key] : undefined;
  }
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
  return Object.entries(object.shape as Record<string, Schema>).flatMap(([key, schema]) =>
    field(`${prefix}${prefix ? '.' : ''}${key}`, schema),
  );
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
 */
export function documentFields(): Field[] {
  const shapes = families.map(({ name, schema }) => ({ name, shape: schema.shape as Record<string, Schema> }));
  const [first, ...others] = shapes;
  return Object.entries(first?.shape ?? {}).flatMap(([key, schema]) => {
    if (others.every(({ shape }) => shape[key] === schema)) return field(key, schema);
    const { description = '' } = unwrap(schema);
    const parts = shapes.flatMap(({ name, shape }) =>
      objects(shape[key] as Schema).map((object) => ({ name, fields: object.shape as Record<string, Schema> })),
    );
    const shared = (name: string, own: Schema): boolean => parts.every(({ fields }) => fields[name] === own);
    const together = Object.entries(parts[0]?.fields ?? {}).filter(([name, own]) => shared(name, own));
    const apart = parts.flatMap(({ name, fields }) =>
      Object.entries(fields)
        .filter(([own, one]) => !shared(own, one))
        .flatMap(([own, one]) => field(`${key}(${name}).${own}`, one)),
    );
    return [
      { name: key, type: 'object', description },
      ...together.flatMap(([name, own]) => field(`${key}.${name}`, own)),
      ...apart,
    ];
  });
}
