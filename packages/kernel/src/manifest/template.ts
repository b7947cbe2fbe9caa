import type { Json } from '../encoding/index.ts';
import { done, refused, type Result } from '../refusal/index.ts';
import type { JsonTemplate, Template } from './model.ts';

/** What a template is made of. */
export type TemplatePart = { readonly text: string } | { readonly place: string };

/** Places that are no argument. */
export const ownPlaces: readonly string[] = ['$action', '$seconds'];

const part = /\{\{|\}\}|\{([$A-Za-z0-9_]{1,64})\}|[{}]|[^{}]+/gu;

/** Reads a template. Refuses `manifest.invalid` for a brace that stands for nothing. */
export function readTemplate(template: Template): Result<readonly TemplatePart[]> {
  const parts: TemplatePart[] = [];
  for (const [found, place] of template.matchAll(part)) {
    if (place !== undefined) parts.push({ place });
    else if (found === '{' || found === '}') {
      return refused('manifest.invalid', `"${template}" has a brace that opens or closes nothing`);
    } else parts.push({ text: found === '{{' ? '{' : found === '}}' ? '}' : found });
  }
  return done(parts);
}

/** The place that a template is alone; undefined for any other. */
export function onlyPlace(parts: readonly TemplatePart[]): string | undefined {
  const [first, ...others] = parts;
  return first !== undefined && 'place' in first && others.length === 0 ? first.place : undefined;
}

/** Every text in a JSON template that is one; names of members are none. */
export function templatesIn(value: JsonTemplate): readonly Template[] {
  if (typeof value === 'string') return [value];
  if (typeof value !== 'object' || value === null) return [];
  return Object.values(value as Readonly<Record<string, Json>>).flatMap(templatesIn);
}
