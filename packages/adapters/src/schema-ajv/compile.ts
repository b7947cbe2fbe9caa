import { Ajv2020, type ErrorObject } from 'ajv/dist/2020.js';
import { recordText, type Json, type JsonObject } from '@chancery/kernel/encoding';
import { Fault } from '@chancery/kernel/refusal';
import type { SchemaCheck } from '@chancery/runtime/broker';

/** Nothing is coerced, defaulted or removed: a check looks, and changes nothing. */
const ajv = new Ajv2020({
  strict: true,
  strictRequired: false,
  allowUnionTypes: true,
  validateFormats: false,
  ownProperties: true,
});

/** A schema is compiled once, however often a contract is offered. */
const known = new Map<string, SchemaCheck>();

/**
 * The check of a JSON Schema 2020-12. It tells the first thing that is wrong: the place as a JSON
 * Pointer (RFC 6901) and what is lacking there; never the value itself.
 * @throws {Fault} for a schema that is not one, or that says something unknown.
 */
export function compileSchema(schema: JsonObject): SchemaCheck {
  const text = recordText(schema);
  const made = known.get(text) ?? compile(schema);
  known.set(text, made);
  return made;
}

/** Why something is no JSON Schema that can be checked by; undefined where it is one. */
export function whyNoSchema(schema: JsonObject): string | undefined {
  const made = validatorOf(schema);
  return typeof made === 'string' ? made : undefined;
}

function compile(schema: JsonObject): SchemaCheck {
  const validate = validatorOf(schema);
  if (typeof validate === 'string') throw new Fault(validate);
  return (value: Json) => {
    if (validate(value)) return undefined;
    const [first] = validate.errors ?? [];
    return first === undefined ? 'it does not satisfy its schema' : inWords(first);
  };
}

/** The check of a schema, or why it is none. */
function validatorOf(schema: JsonObject): ReturnType<typeof ajv.compile> | string {
  try {
    return ajv.compile(schema);
  } catch (error) {
    const why = error instanceof Error ? error.message : String(error);
    return `not a usable JSON Schema: ${why}`;
  }
}

function inWords({ instancePath, message, params, keyword }: ErrorObject): string {
  const place = instancePath === '' ? 'the object' : instancePath;
  const what = message ?? `does not satisfy ${keyword}`;
  return `${place} ${what}${namedIn(params)}`;
}

/** The member or the values that an error is about, where it names some. */
function namedIn(params: Record<string, unknown>): string {
  const { additionalProperty, allowedValues, unevaluatedProperty } = params;
  const member = additionalProperty ?? unevaluatedProperty;
  if (typeof member === 'string') return `: ${JSON.stringify(member)}`;
  if (!Array.isArray(allowedValues)) return '';
  return `: ${allowedValues.map((allowed) => JSON.stringify(allowed)).join(', ')}`;
}
