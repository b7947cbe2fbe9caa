import { placeOf, readSource, type Place } from './source.ts';

const idForm = /@id\("(?<id>[^"\\]*)"\)/u;

/** Where each rule of a policy text begins, by its `@id`. */
export function rulePlaces(text: string): ReadonlyMap<string, Place> {
  const places = new Map<string, Place>();
  for (const { text: rule, offset, start } of readSource(text).rules) {
    const id = idForm.exec(rule.slice(start - offset))?.groups?.['id'];
    if (id !== undefined) places.set(id, placeOf(text, start));
  }
  return places;
}
