import type { Json, JsonObject } from '@chancery/kernel/encoding';
import type { Redacted } from './place.ts';

/** How texts are redacted, with or without the name that they are given. */
export interface TextRedaction {
  readonly text: (text: string) => Redacted<string>;
  readonly member: (name: string, text: string) => Redacted<string>;
}

export function redactJson(value: Json, redact: TextRedaction): Redacted<Json> {
  if (typeof value === 'string') return redact.text(value);
  if (typeof value === 'number') {
    const shown = redact.text(String(value));
    return shown.count > 0 ? shown : { value, count: 0 };
  }
  if (typeof value !== 'object' || value === null) return { value, count: 0 };
  if (Array.isArray(value)) return redactArray(value, redact);
  return redactMembers(value as JsonObject, redact);
}

function redactArray(items: readonly Json[], redact: TextRedaction): Redacted<Json> {
  const redacted = items.map((item) => redactJson(item, redact));
  const count = redacted.reduce((sum, item) => sum + item.count, 0);
  return { value: redacted.map((item) => item.value), count };
}

/** An object without a secret, as nearly all are, is given back as it is. */
function redactMembers(object: JsonObject, redact: TextRedaction): Redacted<Json> {
  const members = Object.entries(object).map(([key, member]) => ({
    name: redact.text(key),
    content: typeof member === 'string' ? redact.member(key, member) : redactJson(member, redact),
  }));
  const count = members.reduce((sum, { name, content }) => sum + name.count + content.count, 0);
  if (count === 0) return { value: object, count };
  const kept = new Map<string, Json>();
  for (const { name, content } of members) kept.set(freeKey(kept, name.value), content.value);
  // `fromEntries` defines own properties, so a key such as __proto__ stays data.
  return { value: Object.fromEntries(kept), count };
}

function freeKey(kept: ReadonlyMap<string, Json>, key: string): string {
  let free = key;
  for (let nth = 2; kept.has(free); nth += 1) free = `${key}#${nth}`;
  return free;
}
