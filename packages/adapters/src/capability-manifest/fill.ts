import { isJsonObject, type Json, type JsonObject } from '@chancery/kernel/encoding';
import {
  onlyPlace,
  readTemplate,
  type JsonTemplate,
  type Template,
  type TemplatePart,
} from '@chancery/kernel/manifest';
import { assert } from '@chancery/kernel/refusal';

/** What stands in the places of templates. */
export interface Values {
  readonly args: JsonObject;
  /** Digest of the action. */
  readonly action: string;
  /** Seconds since the epoch; undefined where nothing is called. */
  readonly seconds: number | undefined;
}

/** A part with what stands in it; a value is never read again for places. */
export interface FilledPart {
  readonly text: string;
  readonly isValue: boolean;
}

/** The parts of a template, filled; undefined where the value of a place is not given. */
export function filled(template: Template, values: Values): readonly FilledPart[] | undefined {
  const parts: FilledPart[] = [];
  for (const part of partsOf(template)) {
    if ('text' in part) parts.push({ text: part.text, isValue: false });
    else {
      const value = valueOf(part.place, values);
      if (value === undefined) return undefined;
      assert(typeof value !== 'object', 'a checked manifest writes no list as text');
      parts.push({ text: String(value), isValue: true });
    }
  }
  return parts;
}

export function textOf(parts: readonly FilledPart[]): string {
  return parts.map(({ text }) => text).join('');
}

/** A JSON template, filled; a member or an element whose value is not given is left out. */
export function filledJson(template: JsonTemplate, values: Values): Json | undefined {
  if (typeof template === 'string') {
    const place = onlyPlace(partsOf(template));
    if (place !== undefined) return valueOf(place, values);
    const parts = filled(template, values);
    return parts && textOf(parts);
  }
  if (Array.isArray(template)) {
    return (template as readonly Json[]).flatMap((each) => {
      const item = filledJson(each, values);
      return item === undefined ? [] : [item];
    });
  }
  if (!isJsonObject(template)) return template;
  const members = Object.entries(template).flatMap(([name, each]) => {
    const value = filledJson(each, values);
    return value === undefined ? [] : [[name, value] as const];
  });
  return Object.fromEntries(members);
}

function valueOf(place: string, { args, action, seconds }: Values): Json | undefined {
  if (place === '$action') return action;
  if (place === '$seconds') return seconds;
  return Object.hasOwn(args, place) ? args[place] : undefined;
}

function partsOf(template: Template): readonly TemplatePart[] {
  const parts = readTemplate(template);
  assert(parts.ok, 'a checked manifest has templates that can be read');
  return parts.value;
}
