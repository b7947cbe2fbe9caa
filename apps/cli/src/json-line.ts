import type { Schema } from '@chancery/kernel/ledger';

/** What a line of `--json` is told by, and its schema: a closed object whose `type` is its name. */
export interface JsonLine {
  /** Commands that print it; empty for one that every command can. */
  readonly commands: readonly string[];
  readonly told: string;
  readonly schema: Extract<Schema, { readonly required: readonly string[] }>;
}

export type Members = Readonly<Record<string, Schema>>;

export function closed(properties: Members) {
  const required = Object.keys(properties);
  return { type: 'object', properties, required, additionalProperties: false } as const;
}

export const listOf = (items: Schema): Schema => ({ type: 'array', items });
export const orNull = (schema: Schema): Schema => ({ anyOf: [schema, { type: 'null' }] });
export const oneOf = (...words: readonly string[]): Schema => ({ enum: words });

export const any: Schema = { title: 'any' };
export const text: Schema = { type: 'string' };
export const truth: Schema = { type: 'boolean' };
export const count: Schema = { type: 'integer', minimum: 0, maximum: Number.MAX_SAFE_INTEGER };
export const integer: Schema = { ...count, minimum: -Number.MAX_SAFE_INTEGER };
export const digest: Schema = { type: 'string', pattern: '^[0-9a-f]{64}$' };

export const keyId: Schema = { type: 'string', pattern: '^ed25519:[0-9a-f]{64}$' };

export function line(commands: readonly string[], told: string, members: Members): JsonLine {
  return { commands, told, schema: closed({ type: text, ...members }) };
}
