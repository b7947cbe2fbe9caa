import { isJsonObject, type Json, type JsonObject } from './json.ts';

/** Whether a value has the form that is asked for. */
export type Form = (value: Json | undefined) => boolean;

/**
 * The first member by which an object differs from a closed form: one that the form does not know,
 * that is missing, or that is otherwise than it should be. Undefined when the object has the form.
 */
export function misfit(
  object: JsonObject,
  form: Readonly<Record<string, Form>>,
): string | undefined {
  for (const name of Object.keys(object)) {
    if (!Object.hasOwn(form, name)) return name;
  }
  for (const [name, fits] of Object.entries(form)) {
    if (!Object.hasOwn(object, name) || !fits(object[name])) return name;
  }
  return undefined;
}

/** An object with exactly these members. */
export function closed(form: Readonly<Record<string, Form>>): Form {
  return (value) => isJsonObject(value) && misfit(value, form) === undefined;
}

export function listOf(item: Form): Form {
  return (value) => Array.isArray(value) && value.every(item);
}

export function exactly(wanted: Json): Form {
  return (value) => value === wanted;
}

/** A string of `least` to `most` UTF-16 code units. */
export function textOf(least: number, most: number): Form {
  return (value) => typeof value === 'string' && value.length >= least && value.length <= most;
}

/** A non-negative safe integer. */
export const isCount: Form = (value) =>
  typeof value === 'number' && Number.isSafeInteger(value) && value >= 0;

/** Whether strings stand in code unit order, each once. */
export function isAscending(texts: readonly string[]): boolean {
  return texts.every((text, index) => index === 0 || (texts[index - 1] ?? '') < text);
}
