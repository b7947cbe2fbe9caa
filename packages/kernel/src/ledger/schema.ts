import type { Json } from '../encoding/index.ts';

/** The part of JSON Schema 2020-12 that kinds are described in. Objects are closed. */
export type Schema =
  | { readonly const: string | number | boolean | null; readonly description?: string }
  | { readonly enum: readonly string[]; readonly description?: string }
  | {
      readonly type: 'string';
      readonly pattern?: string;
      readonly maxLength?: number;
      readonly minLength?: number;
      readonly description?: string;
    }
  | {
      readonly type: 'integer';
      readonly minimum: number;
      readonly maximum: number;
      readonly description?: string;
    }
  | { readonly type: 'boolean'; readonly description?: string }
  | { readonly type: 'null'; readonly description?: string }
  | {
      readonly type: 'array';
      readonly items: Schema;
      readonly maxItems?: number;
      readonly description?: string;
    }
  | {
      readonly type: 'object';
      readonly properties: Readonly<Record<string, Schema>>;
      readonly required: readonly string[];
      readonly additionalProperties: false;
      readonly description?: string;
    }
  | {
      readonly type: 'object';
      readonly additionalProperties: Schema;
      readonly description?: string;
    }
  | { readonly anyOf: readonly Schema[]; readonly description?: string }
  | { readonly title: 'any'; readonly description?: string };

/** The values that a schema admits. */
export type FromSchema<S> = S extends { readonly title: 'any' }
  ? Json
  : S extends { readonly const: infer C }
    ? C
    : S extends { readonly enum: readonly (infer E)[] }
      ? E
      : S extends { readonly anyOf: readonly (infer A)[] }
        ? FromSchema<A>
        : S extends { readonly type: 'string' }
          ? string
          : S extends { readonly type: 'integer' }
            ? number
            : S extends { readonly type: 'boolean' }
              ? boolean
              : S extends { readonly type: 'null' }
                ? null
                : S extends { readonly type: 'array'; readonly items: infer I }
                  ? readonly FromSchema<I>[]
                  : S extends { readonly properties: infer P; readonly required: infer R }
                    ? FromProperties<P, R>
                    : S extends { readonly type: 'object'; readonly additionalProperties: infer V }
                      ? Readonly<Record<string, FromSchema<V>>>
                      : never;

type FromProperties<P, R> = R extends readonly (infer N)[]
  ? { readonly [K in keyof P as K extends N ? K : never]: FromSchema<P[K]> } & {
      readonly [K in keyof P as K extends N ? never : K]?: FromSchema<P[K]>;
    }
  : never;

const most = Number.MAX_SAFE_INTEGER;

/** An object with exactly these members, all of them required but the `optional` ones. */
export function object<
  const P extends Readonly<Record<string, Schema>>,
  const O extends readonly (keyof P & string)[] = [],
>(properties: P, optional?: O) {
  const left: readonly string[] = optional ?? [];
  return {
    type: 'object',
    properties,
    required: Object.keys(properties).filter(
      (name) => !left.includes(name),
    ) as unknown as readonly Exclude<keyof P & string, O[number]>[],
    additionalProperties: false,
  } as const;
}

export function array<const S extends Schema>(items: S) {
  return { type: 'array', items } as const;
}

export function nullable<const S extends Schema>(schema: S) {
  return { anyOf: [schema, { type: 'null' }] } as const;
}

export const any = { title: 'any' } as const;
export const text = { type: 'string' } as const;
export const bool = { type: 'boolean' } as const;
export const count = { type: 'integer', minimum: 0, maximum: most } as const;
export const integer = { type: 'integer', minimum: -most, maximum: most } as const;
export const timeMs = { ...count, description: 'milliseconds since the epoch' } as const;
export const digest = { type: 'string', pattern: '^[0-9a-f]{64}$' } as const;
export const keyId = { type: 'string', pattern: '^ed25519:[0-9a-f]{64}$' } as const;
export const streamName = {
  type: 'string',
  pattern:
    '^(?:ledger|policy|control|constitution|anchor|(?:run|task|writ|agent|peer|approval|snapshot):[A-Za-z0-9._-]{1,128})$',
} as const;

/** A DSSE envelope, see `encoding/envelope.ts`. */
export const envelope = object({
  payloadType: text,
  payload: text,
  signatures: array(object({ keyid: keyId, sig: text })),
});

/**
 * A value within the entry, or a reference into the content-addressed blob store. `key` is the id of
 * the subject's key that the blob is sealed with; digest and bytes are those of what is stored.
 */
export const content = {
  anyOf: [
    object({ inline: any }),
    object({ blob: object({ digest, bytes: count, mediaType: text, key: digest }, ['key']) }),
  ],
} as const;

/** An amount in each dimension of a budget. */
export const amounts = object({
  tokens: count,
  costMicrousd: count,
  calls: count,
  wallMs: count,
  cpuMs: count,
  bytesOut: count,
});

/** A refusal as it is recorded. */
export const refusalBody = object({
  code: text,
  message: text,
  remedy: text,
  retryable: bool,
  details: { type: 'object', additionalProperties: { anyOf: [text, integer, bool] } },
});
