import type { JsonObject } from '../encoding/index.ts';

/** Members of a closed object, as its schema tells them. */
export interface Shape {
  readonly properties: Readonly<Record<string, JsonObject>>;
  readonly required: readonly string[];
}

/** Of a schema that has the form of one of a manifest. */
export function shapeOf(schema: JsonObject): Shape {
  const { properties, required = [] } = schema;
  return { properties, required } as unknown as Shape;
}

const scalars: ReadonlySet<unknown> = new Set(['string', 'integer', 'boolean']);

/** Whether a value of a schema has one way to be written as text. */
export function isScalar({ type, enum: values }: JsonObject): boolean {
  if (Array.isArray(values)) {
    return values.every((each) => typeof each === 'string' || typeof each === 'number');
  }
  return scalars.has(type);
}
