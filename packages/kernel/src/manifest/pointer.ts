import { isJsonObject, type Json } from '../encoding/index.ts';

const form = /^(?:\/(?:[^~/]|~[01])*)*$/u;

export function isPointer(text: string): boolean {
  return form.test(text);
}

/** The value that a JSON Pointer (RFC 6901) leads to; undefined where it leads nowhere. */
export function valueAt(document: Json, pointer: string): Json | undefined {
  let at: Json | undefined = document;
  for (const token of pointer.split('/').slice(1)) {
    const name = token.replaceAll('~1', '/').replaceAll('~0', '~');
    if (Array.isArray(at)) {
      at = /^(?:0|[1-9]\d{0,8})$/.test(name) ? (at as readonly Json[])[Number(name)] : undefined;
    } else
      at = isJsonObject(at ?? null) ? own(at as Readonly<Record<string, Json>>, name) : undefined;
  }
  return at;
}

function own(object: Readonly<Record<string, Json>>, name: string): Json | undefined {
  return Object.hasOwn(object, name) ? object[name] : undefined;
}
