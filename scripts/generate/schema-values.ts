import fc from 'fast-check';
import type { Schema } from '../../packages/kernel/src/ledger/index.ts';

/** Values that a schema admits. */
export function admitted(schema: Schema): fc.Arbitrary<unknown> {
  if ('title' in schema) return fc.jsonValue({ maxDepth: 1 });
  if ('const' in schema) return fc.constant(schema.const);
  if ('enum' in schema) return fc.constantFrom(...schema.enum);
  if ('anyOf' in schema) return fc.oneof(...schema.anyOf.map(admitted));
  switch (schema.type) {
    case 'string':
      return schema.pattern === undefined
        ? fc.string({ maxLength: 8 })
        : fc.stringMatching(new RegExp(schema.pattern));
    case 'integer':
      return fc.integer({ min: Math.max(schema.minimum, -9), max: Math.min(schema.maximum, 9) });
    case 'boolean':
      return fc.boolean();
    case 'null':
      return fc.constant(null);
    case 'array':
      return fc.array(admitted(schema.items), { maxLength: 2 });
    case 'object':
      return 'properties' in schema
        ? members(schema.properties, schema.required)
        : fc.dictionary(fc.string({ maxLength: 4 }), admitted(schema.additionalProperties), {
            maxKeys: 2,
          });
  }
}

function members(
  properties: Readonly<Record<string, Schema>>,
  required: readonly string[],
): fc.Arbitrary<unknown> {
  const values = Object.fromEntries(
    Object.entries(properties).map(([name, schema]) => [name, admitted(schema)]),
  );
  return fc.record(values, { requiredKeys: [...required] });
}

/** The value with one place changed: another value, a member more or a member less. */
export function spoiled(value: unknown): fc.Arbitrary<unknown> {
  const other = fc.constantFrom<unknown>(null, '', 'x', -1, 0.5, 1e300, true, [], {}, [null]);
  if (typeof value !== 'object' || value === null) return other;
  const keys = Object.keys(value);
  const more = Array.isArray(value)
    ? other.map((item) => [...(value as unknown[]), item])
    : other.map((item) => ({ ...value, surplus: item }));
  if (keys.length === 0) return fc.oneof(other, more);
  const inner = fc
    .constantFrom(...keys)
    .chain((key) =>
      spoiled((value as Readonly<Record<string, unknown>>)[key]).map((item) =>
        put(value, key, item),
      ),
    );
  const less = fc.constantFrom(...keys).map((key) => without(value, key));
  return fc.oneof({ weight: 4, arbitrary: inner }, less, more, other);
}

function put(value: object, key: string, item: unknown): unknown {
  return Array.isArray(value)
    ? (value as unknown[]).with(Number(key), item)
    : { ...value, [key]: item };
}

function without(value: object, key: string): unknown {
  if (Array.isArray(value)) return value.toSpliced(Number(key), 1) as unknown;
  return Object.fromEntries(Object.entries(value).filter(([name]) => name !== key));
}
